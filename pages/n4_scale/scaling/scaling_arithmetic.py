"""Where the 6 of C = 6 N D comes from."""

from __future__ import annotations

import streamlit as st

from transformer_core.laws.scaling import training_step
from ui.provenance import tag

N_IN, N_OUT = 2, 3


def show_six() -> None:
    """Where the 6 of C = 6 N D comes from, for a matrix of six weights."""
    st.markdown(six_in_words())


def six_in_words() -> str:
    """Three products of one small matrix and one token, counted."""
    step, weights = training_step(N_IN, N_OUT), N_IN * N_OUT
    row = f"2 × {weights} = "
    return (
        f"**Where 6 = 2 + 4 comes from** {tag('live')}  \n"
        f"Take one matrix *W* of {N_IN} × {N_OUT} = {weights} weights and one token’s vector *x*. "
        "Training computes three products with the matrix. In each of them, every weight has one "
        "multiplication and one addition, which are two operations.\n\n"
        "| product | what it gives | operations |\n|---|---|--:|\n"
        f"| *y* = *x W* | the output, in the forward pass | {row}{step.forward} |\n"
        f"| d*L*/d*x* = d*L*/d*y* · *W*ᵀ | the gradient for the layer before | "
        f"{row}{step.to_input} |\n"
        f"| d*L*/d*W* = *x*ᵀ · d*L*/d*y* | the gradient for the weights | "
        f"{row}{step.to_weights} |\n\n"
        f"The sum is {step.total} = 6 × {weights}: 2 per weight forward and 4 backward. *N* "
        "weights and *D* tokens cost 6 *N D*. This count leaves out the scores and the mixing of "
        "attention (lesson Cost) and the update of the weights, which happens once per batch."
    )
