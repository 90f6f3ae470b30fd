"""Scaling for engineers: two disputes, and the code."""

import streamlit as st

from pages.n4_scale.scaling.scaling_examples import ratios, served
from transformer_core.laws.scaling import (
    KaplanLaw,
    ParametricLaw,
    cheapest_for_loss,
    training_step,
)
from ui.code_drawer import show_code
from ui.provenance import tag


def show_deeper() -> None:
    """The disputes, then the code."""
    _show_disputes()
    show_code(ParametricLaw.optimum, "The best point in closed form")
    show_code(KaplanLaw.recommended, "Kaplan’s own best point")
    show_code(training_step, "The operations of one token at one matrix")
    show_code(cheapest_for_loss, "The cheapest life")


def _show_disputes() -> None:
    digits, use = st.columns(2)
    with digits.container(border=True, height="stretch"):
        st.markdown(
            f"**What rounding does** {tag('published')}  \n{ratios()} The loss is nearly flat "
            "around its minimum. A small change of the exponents therefore moves the best point "
            "far and changes the loss little. Besiroglu et al. (2024, arXiv 2404.10102) read the "
            "points off the paper’s figure 4 and fitted the formula again. Their result agrees "
            "with the paper’s first two methods. It rests on reconstructed points, and its "
            "intervals for A and B are wide."
        )
    with use.container(border=True, height="stretch"):
        st.markdown(
            f"**Why models are trained for longer** {tag('published')}  \n"
            "The best point counts training only. A model in use costs 2 N for every token that it "
            "reads or writes. A smaller model trained for longer can therefore be cheaper over "
            f"its life (Sardana et al. 2023, arXiv 2401.00448). {served()} Llama 3 8B was trained "
            "on 15 trillion tokens, almost 1,900 per parameter (arXiv 2407.21783), and SmolLM2 "
            "135M on 2 trillion, almost 15,000 per parameter (arXiv 2502.02737). No training "
            "behind these laws went so far, so the formula extrapolates there."
        )
