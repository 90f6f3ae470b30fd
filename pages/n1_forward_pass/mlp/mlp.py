"""MLP: what happens to each token on its own?"""

from pages.n1_forward_pass.mlp.knockout_board import show_changed_networks
from pages.n1_forward_pass.mlp.mlp_board import show_mlp_board
from pages.n1_forward_pass.mlp.mlp_deeper import show_deeper
from pages.n1_forward_pass.mlp.mlp_questions import mlp_questions
from ui.answers.check import show_check
from ui.frame import close_lesson, for_engineers, open_lesson
from ui.models import load

reader = open_lesson(
    "MLP",
    lead="After attention, a small network works on each token (a word or a piece of one) by "
    "itself: the **MLP** (multi-layer perceptron). An **activation function**, no straight line, "
    "changes its **neurons**. The result is added to the **residual stream**.",
)
config = load(reader.model_name).config

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
        f"Each token’s {config.d_model} numbers become {config.d_ff:,} neurons, and these become "
        f"{config.d_model} numbers again. No token sees another here.",
        (
            "SwiGLU bends by a product: SiLU of the gate times the up value. "
            if config.is_gated
            else "The activation function bends each neuron’s number by itself. "
        )
        + "Without the bend, the matrices before and after it would be one matrix.",
        "What a neuron adds to the residual stream can be computed. What it means is an "
        "interpretation.",
    ),
)
