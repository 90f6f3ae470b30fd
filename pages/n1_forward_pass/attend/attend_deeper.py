"""Attend for engineers: why there are four matrices, the whole in one formula, and the code."""

import streamlit as st

from transformer_core.attention import Attention, masked_softmax
from transformer_core.config import TransformerConfig
from ui.code_drawer import show_code
from ui.frame import reader
from ui.models import load


def show_deeper() -> None:
    """The matrices and the formula, then the code."""
    _show_matrices(load(reader().model_name).config)
    show_code(Attention.trace)
    show_code(masked_softmax, "Mask and softmax")


def _show_matrices(config: TransformerConfig) -> None:
    st.subheader("Why these matrices?", anchor=False)
    three, output, formula = st.columns(3)
    with three.container(border=True, height="stretch"):
        st.markdown(
            "**Three matrices make three vectors**  \n"
            "To look for a noun and to be a noun are two different things. With the same vector "
            "for both, every token would fit itself well, and the scores would be symmetric: “she” "
            "would attend to “Ann” as “Ann” attends to “she”. :blue[W_Q] and :orange[W_K] make two "
            "vectors of one token, so that looking and being found can be learnt apart. A third "
            "matrix, :green[W_V], makes the value. So a token can be found by one property and "
            "hand over another."
        )
    with output.container(border=True, height="stretch"):
        st.markdown(
            "**What W_V and W_O do**  \n"
            f":green[W_V] selects from a token’s {config.d_model} numbers what this head carries "
            f"away: {config.d_head} numbers. The attention weights mix these values. W_O "
            f"translates the mixture back into {config.d_model} numbers, which are added to the "
            "residual stream. That is the running vector of a token, to which every layer adds. "
            "W_Q and W_K decide *where* a head attends. W_V and W_O decide *what* it brings from "
            "there. The two are largely independent (Elhage et al. 2021)."
        )
    with formula.container(border=True, height="stretch"):
        st.markdown(
            "**All of it in one formula**  \n"
            "`softmax(Q Kᵀ / √d + M) V`  \n"
            "Q, K and V hold one row for each token. Q Kᵀ holds the score of each query with each "
            f"key. d is the number of numbers in a key, here {config.d_head}. M is the mask: 0 "
            "where a token may look and −∞ where a token comes later. The softmax raises e to each "
            "entry and divides by the sum of the row. Since e to the −∞ is 0, hidden tokens get "
            "the weight 0 and each row adds up to 1 (Vaswani et al. 2017, equation 1, which leaves "
            "M out)."
        )
