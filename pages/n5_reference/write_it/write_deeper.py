"""The same four parts as the model itself computes them."""

import streamlit as st

from transformer_core.attention import Attention, attention_scores, masked_softmax
from transformer_core.bpe import encode_steps
from transformer_core.generation import filter_steps
from ui.code_drawer import show_code


def show_deeper() -> None:
    """What made the expected values of the last tests."""
    st.markdown(
        "The last test of each exercise compares with these functions. They compute all heads and "
        "tokens of a layer at once. Numbers travel to the browser with six digits. A number counts "
        "as equal if it differs by at most 0.001, or by a thousandth where it is above 1.\n\n"
        "The first three exercises hold for any decoder. The fourth holds for byte-pair encoding, "
        "which all models here use. It joins characters, where tokenizers join bytes. For plain "
        "English letters these are the same."
    )
    show_code(Attention.trace, "Attention, every step kept")
    show_code(attention_scores, "The scores")
    show_code(masked_softmax, "Mask and softmax")
    show_code(filter_steps, "Temperature and top-k")
    show_code(encode_steps, "Byte-pair encoding")
