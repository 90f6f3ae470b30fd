"""MLP: what happens to each token on its own?"""

from transformer_core.feed_forward import FeedForward, GatedFeedForward
from ui.code_drawer import show_code
from ui.frame import address_field, close_lesson, open_lesson
from ui.mlp_board import show_mlp_board
from ui.models import load

reader = open_lesson(
    "What happens to each token on its own?",
    step="MLP",
    minutes=7,
    lead="After attention has mixed the tokens, a small network works on each of them by itself: "
    "the **MLP** (multi-layer perceptron, or feed-forward network). It widens the token's vector "
    "into many hidden numbers, its **neurons**, lets few of them speak, and writes their sum back.",
)
address_field("neuron")
show_mlp_board()
gated = load(reader.model_name).config.activation == "swiglu"
show_code((GatedFeedForward if gated else FeedForward).trace)
close_lesson("MLP", recap=("To be written.",))
