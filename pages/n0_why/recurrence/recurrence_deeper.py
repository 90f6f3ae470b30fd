"""Recurrence for engineers: formulas, why a product vanishes, the scan, and the code that ran."""

from __future__ import annotations

import streamlit as st
import torch

from figures.numbers import number
from pages.n0_why.recurrence.reach_board import D_MODEL
from transformer_core.lens.sequence_layers import made_up_texts, reach
from transformer_core.linear_recurrence import one_by_one, scan
from transformer_core.recurrent import LSTM, RNN, lstm_step, rnn_step
from ui.code_drawer import show_code
from ui.provenance import tag

COMPARED = 64  # tokens


def show_deeper() -> None:
    """Three explanations, a comparison of this minute, then the code."""
    _show_explanations()
    _show_comparison()
    show_code(rnn_step, "One step of an RNN")
    show_code(lstm_step, "One step of an LSTM")
    show_code(scan, "The scan")
    show_code(reach, "The gradient k steps back")


def _show_explanations() -> None:
    gradient, scanning, limits = st.columns(3)
    with gradient.container(border=True, height="stretch"):
        _show_gradient()
    with scanning.container(border=True, height="stretch"):
        st.markdown(
            "**How a recurrence becomes parallel**  \n"
            "In an RNN, tanh stands between two states, so no state can be computed before its "
            "predecessor. `h[t] = a[t] h[t−1] + b[t]` has no such function, and two of its steps "
            "are one step of the same form:  \n"
            "`h[t] = (a[t] a[t−1]) h[t−2] + (a[t] b[t−1] + b[t])`.  \n"
            "So neighbours are joined in pairs, the pairs in pairs, and so on: about 2 log₂ n "
            "rounds in place of n steps. "
            f"{tag('published', 'Blelloch 1990; Martin and Cundy 2018')}\n\n"
            "In earlier state-space models a was the same for every token. Mamba computes it from "
            "the token, so the model can choose what to keep. "
            f"{tag('published', 'Gu and Dao 2023, arXiv 2312.00752')}"
        )
    with limits.container(border=True, height="stretch"):
        st.markdown(
            "**How it is measured here**  \n"
            "- Gradient: of the last output in a random direction, with respect to each input; "
            "64-bit numbers, 8 texts of 129 random vectors, 3 seeds. The entries of all matrices "
            "are drawn from a normal distribution with standard deviation 1/√d_in.\n"
            "- Time: processor time of one thread, one text, 64 numbers in a vector. The shortest "
            "of three rounds counts. PyTorch has one kernel for a whole LSTM. For a plain RNN it "
            "has none, so its time would compare programs, not networks.\n"
            "- Steps in a row: the matrix products within one step also follow one another, and a "
            "sum over n numbers takes log₂ n rounds in parallel. Neither is counted, as in table 1 "
            "of Vaswani et al. (2017)."
        )


def _show_gradient() -> None:
    st.markdown(
        "**Why it vanishes or explodes**  \n"
        "With `h[t] = tanh(W x[t] + U h[t−1] + b)`, the gradient of a state k steps back is a "
        "product of k matrices:  \n"
        "`∂h[t]/∂h[t−k] = Π diag(1 − h²) U`.  \n"
        "The derivative of tanh is at most 1. So if the largest singular value of U is below "
        "1, the product vanishes. For the product to explode, this value has to be above 1, "
        "but that alone is not enough. "
        f"{tag('published', 'Pascanu et al. 2013, arXiv 1211.5063')}\n\n"
        "The cell of 1997 had no forget gate: along it each factor was exactly 1. "
        f"{tag('published', 'Hochreiter and Schmidhuber 1997')} With a forget gate f, "
        "`∂c[t]/∂c[t−1]` is f, apart from what passes through the state. A product of gates "
        f"vanishes unless they are close to 1. {tag('published', 'Gers et al. 2000')}"
    )


def _show_comparison() -> None:
    """The formulas against PyTorch's own layers, the scan against the loop."""
    x = made_up_texts(1, COMPARED, D_MODEL, seed=0)
    rnn, lstm = RNN(D_MODEL, D_MODEL), LSTM(D_MODEL, D_MODEL)
    rnn.initialise(1)
    lstm.initialise(1)
    with torch.inference_mode():
        a = x.sigmoid()
        gaps = [
            float((ours - theirs).abs().max())
            for ours, theirs in (
                (rnn.trace(x).states, rnn(x)),
                (lstm.trace(x).states, lstm(x)),
                (scan(a, x), one_by_one(a, x)),
            )
        ]
    reach(lstm, x)
    st.markdown(
        f"{tag('live')} **Compared just now** on {COMPARED} random vectors: the formulas below "
        f"against PyTorch’s `RNN` and `LSTM`, and the scan against the loop. The largest "
        f"differences are {number(gaps[0])}, {number(gaps[1])} and {number(gaps[2])}."
    )
