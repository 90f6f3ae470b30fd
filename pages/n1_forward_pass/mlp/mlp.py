"""MLP: what happens to each token on its own?"""

from pages.n1_forward_pass.mlp.knockout_board import show_changed_networks
from pages.n1_forward_pass.mlp.mlp_board import show_mlp_board
from pages.n1_forward_pass.mlp.mlp_deeper import show_deeper
from pages.n1_forward_pass.mlp.mlp_questions import mlp_questions
from ui.check import show_check
from ui.frame import address_field, close_lesson, for_engineers, open_lesson
from ui.models import load

reader = open_lesson(
    "MLP",
    lead="Attention has let the tokens (words or pieces of words) read from each other. Now a "
    "small network works on each token by itself: the **MLP** (multi-layer perceptron, also "
    "called feed-forward network). It turns the token’s vector into many more numbers, its "
    "**neurons**. It bends them with an **activation function** and adds the result to the "
    "**residual stream**, the vector that runs through all layers.",
)
config = load(reader.model_name).config
gated = config.activation == "swiglu"
address_field("neuron")

show_mlp_board()
show_changed_networks()
show_check(
    "mlp-check",
    (reader.model_name, reader.token_ids),
    mlp_questions,
    again="Ask about the token I am looking at",
)
for_engineers(
    "the activation functions compared, what a neuron means, where the parameters sit, the code",
    show_deeper,
)

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
        "What a neuron adds to the residual stream can be computed. What it means is an "
        "interpretation.",
    ),
)
