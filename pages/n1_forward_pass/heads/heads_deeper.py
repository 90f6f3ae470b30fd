"""What Heads holds for engineers: one layer's width split and joined again, and the code."""

from pages.n1_forward_pass.heads.split_board import show_split_board
from transformer_core.attention import join_heads, split_heads
from transformer_core.lens.head_roles import mean_weight_on
from ui.code_drawer import show_code
from ui.frame import reader


def show_deeper() -> None:
    """The split of the layer that the reader looks at now, then the code."""
    show_split_board(reader())
    show_code(split_heads, "Split into heads")
    show_code(join_heads, "Joined again")
    show_code(mean_weight_on, "How a role is scored")
