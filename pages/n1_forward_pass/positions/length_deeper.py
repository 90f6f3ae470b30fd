"""What Length holds for engineers: what ALiBi was shown to do; the code."""

import streamlit as st

from transformer_core.lens.raw_positions import surviving
from ui.code_drawer import show_code


def show_deeper() -> None:
    """A published result, and what the first chart runs."""
    st.markdown(
        "**ALiBi** (Press et al. 2021, arXiv 2108.12409) lowers scores by distance from the start "
        "of training. Its authors train on 1,024 tokens, read 2,048, and match a sinusoidal model "
        "trained on 2,048."
    )
    show_code(surviving, "What the norm leaves")
