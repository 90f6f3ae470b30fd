"""Scaling for engineers: the line of a power law, three disputes, and the code."""

import streamlit as st

from pages.n4_scale.scaling.scaling_arithmetic import fewer_tokens, show_straight_line
from pages.n4_scale.scaling.scaling_examples import doubling, ratios, served
from transformer_core.laws.scaling import (
    KaplanLaw,
    ParametricLaw,
    cheapest_for_loss,
    training_step,
)
from ui.code_drawer import show_code
from ui.provenance import tag


def show_deeper() -> None:
    """The line, the disputes, then the code."""
    show_straight_line()
    st.markdown(fewer_tokens())
    _show_disputes()
    show_code(ParametricLaw.optimum, "The best point in closed form")
    show_code(KaplanLaw.loss, "Kaplan’s law")
    show_code(training_step, "The operations of one token at one matrix")
    show_code(cheapest_for_loss, "The cheapest life")


def _show_disputes() -> None:
    why, digits, use = st.columns(3)
    with why.container(border=True, height="stretch"):
        st.markdown(
            f"**Why the two papers disagree** {tag('published')}  \n"
            "In Kaplan et al. (2020) the best size grows as C to the power 0.73. In Hoffmann et "
            "al. (2022) the power is about 0.5. Hoffmann et al. suspected Kaplan’s learning-rate "
            "schedule, which did not fit the length of the runs. Two later studies found other "
            "causes. Pearce and Song (2024, arXiv 2406.12907) name the count of parameters without "
            "embeddings, in small models. Porian et al. (2024, arXiv 2406.19146) name the "
            "uncounted cost of the last layer, a warm-up too long for small models, and settings "
            "not tuned to each size. They find that the decay of the learning rate is not "
            f"essential. {doubling()}"
        )
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
