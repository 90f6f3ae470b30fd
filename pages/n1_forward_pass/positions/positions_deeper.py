"""What Positions holds for engineers: the code of the schemes and of the shuffled pass."""

import streamlit as st

from transformer_core.lens.word_order import first_attention
from transformer_core.positions import (
    LearnedPosition,
    NoPosition,
    RotaryPosition,
    alibi_slopes,
    sinusoidal_table,
)
from ui.code_drawer import show_code


def show_deeper() -> None:
    """A tab for each scheme, then the first layer without positions."""
    names = ["Sinusoidal", "Learned", "RoPE", "ALiBi", "None"]
    sinusoidal, learned, rope, alibi, none = st.tabs(names)
    with sinusoidal:
        show_code(sinusoidal_table, "The table of waves")
    with learned:
        show_code(LearnedPosition, "A vector for each position")
    with rope:
        show_code(RotaryPosition, "Queries and keys turned")
    with alibi:
        show_code(alibi_slopes, "A slope for each head")
    with none:
        show_code(NoPosition, "Nothing is added")
    show_code(first_attention, "The first layer’s attention, positions taken out")
