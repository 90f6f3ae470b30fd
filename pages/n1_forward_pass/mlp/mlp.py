"""MLP: what happens to each token on its own?"""

import streamlit as st

from pages.n1_forward_pass.mlp.activation_board import show_activation_board
from pages.n1_forward_pass.mlp.knockout_board import show_knockout_board
from pages.n1_forward_pass.mlp.mlp_board import show_mlp_board
from pages.n1_forward_pass.mlp.mlp_questions import mlp_questions
from pages.n1_forward_pass.mlp.parameter_chart import show_parameter_chart
from transformer_core.feed_forward import FeedForward, GatedFeedForward
from transformer_core.lens.neurons import knocked_out, token_effects
from ui.check import show_check
from ui.code_drawer import show_code
from ui.frame import address_field, close_lesson, open_lesson
from ui.models import load

reader = open_lesson(
    "What happens to each token on its own?",
    step="MLP",
    minutes=8,
    lead="After attention has mixed the tokens, a small network works on each of them by itself: "
    "the **MLP** (multi-layer perceptron, or feed-forward network). It turns the token's vector "
    "into many more numbers, its **neurons**, bends each by an activation function, and adds "
    "what they write to the stream.",
)
config = load(reader.model_name).config
gated = config.activation == "swiglu"
address_field("neuron")

show_mlp_board()
show_knockout_board()
show_activation_board(reader)

with st.expander("A memory of keys and values: one way to read it", icon=":material/key:"):
    st.markdown(
        "A neuron's column of W_up can be read as a :orange[**key**]: the pattern to which it "
        "answers; its row of W_down as a :green[**value**]: what it then adds to the stream. The "
        "output is a sum of values, each weighted by how well its key fits, as in attention, but "
        "with keys and values learnt once and without a softmax "
        "(Geva et al. 2021, arXiv 2012.14913).  \n"
        "It is an interpretation. Many neurons answer several unrelated patterns, and one pattern "
        "is often spread over several neurons; the words on this page are what the arithmetic "
        "gives, not what a neuron “means”."
    )

show_parameter_chart(reader.model_name)
show_check(
    "mlp-check",
    (reader.model_name, reader.token_ids),
    mlp_questions,
    again="Ask about the token I am looking at",
)
show_code((GatedFeedForward if gated else FeedForward).trace)
show_code(token_effects, "What a neuron writes")
show_code(knocked_out, "Taking out")

close_lesson(
    "MLP",
    recap=(
        f"Each token's {config.d_model} numbers become {config.d_ff} neurons and are summed up "
        f"into {config.d_model} again; no token sees another.",
        "The activation function bends: it flattens negative numbers to nearly zero. Each neuron "
        "then adds its row of W_down, as strongly as it answers.",
        "In large models most parameters sit here; what one neuron means is a matter of reading, "
        "what it adds is arithmetic.",
    ),
)
