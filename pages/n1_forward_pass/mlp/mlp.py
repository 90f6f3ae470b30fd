"""MLP: what happens to each token on its own?"""

import streamlit as st

from pages.n1_forward_pass.mlp.activation_board import show_activation_board
from pages.n1_forward_pass.mlp.knockout_board import show_changed_networks
from pages.n1_forward_pass.mlp.mlp_board import show_mlp_board
from pages.n1_forward_pass.mlp.mlp_questions import mlp_questions
from pages.n1_forward_pass.mlp.parameter_chart import show_parameter_chart
from transformer_core.feed_forward import FeedForward, GatedFeedForward
from transformer_core.lens.collapse import one_matrix
from transformer_core.lens.neurons import knocked_out, token_effects
from ui.check import show_check
from ui.code_drawer import show_code
from ui.frame import address_field, close_lesson, open_lesson
from ui.models import load

reader = open_lesson(
    "MLP",
    lead="After attention, a small network works on each token (a word or a piece of one) by "
    "itself: the **MLP** (multi-layer perceptron). Its **neurons** are bent by an **activation "
    "function**, and the result is added to the **residual stream**.",
)
config = load(reader.model_name).config
gated = config.activation == "swiglu"
address_field("neuron")

show_mlp_board()
show_changed_networks()
show_activation_board(reader)

with st.expander("What does a neuron mean? Keys, values and superposition", icon=":material/key:"):
    st.markdown(
        "**Keys and values.** Geva et al. 2021 (arXiv 2012.14913) read the network as a memory. A "
        f"neuron’s column of W_up{' and of W_gate' if gated else ''} is a :orange[**key**], the "
        "pattern to which it answers. Its row of W_down is a :green[**value**], what it then adds "
        "to the stream. The output is a sum of values, each weighted by how well its key fits. "
        "Attention is such a sum, too; but there keys and values come from the text, and a softmax "
        "makes the weights.\n\n"
        f"**Superposition.** A vector of {config.d_model} numbers has room for "
        f"{config.d_model} directions at right angles. A network can still represent more "
        "features than that: as directions that are only nearly at right angles. This works if "
        "few of the features are present at once. Elhage et al. 2022 (Toy Models of "
        "Superposition) show it in small networks and name it **superposition**. Its "
        "price is interference: whoever reads one feature also reads a little of others.\n\n"
        "In language models, superposition is a hypothesis. It would explain why many neurons "
        "answer several unrelated patterns (they are **polysemantic**), and why one pattern is "
        "often spread over several neurons. So this page shows what a neuron adds, which is "
        "arithmetic. What it “means” would be an interpretation."
    )

show_parameter_chart(reader.model_name)
show_check(
    "mlp-check",
    (reader.model_name, reader.token_ids),
    mlp_questions,
    again="Ask about the token I am looking at",
)
show_code((GatedFeedForward if gated else FeedForward).trace)
show_code(one_matrix, "Two matrices become one")
show_code(token_effects, "What a neuron writes")
show_code(knocked_out, "The run with a part switched off")

close_lesson(
    "MLP",
    recap=(
        f"Each token’s {config.d_model} numbers become {config.d_ff} neurons, and these become "
        f"{config.d_model} numbers again. No token sees another here.",
        (
            "SwiGLU bends by a product: SiLU of the gate times the up value. "
            if gated
            else "The activation function bends each neuron’s number by itself. "
        )
        + "Without the bend, the matrices before and after it would be one matrix.",
        "In the large models counted here, most parameters are in the MLPs. What a neuron adds "
        "can be computed; what it means is an interpretation.",
    ),
)
