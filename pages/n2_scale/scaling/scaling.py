"""Scaling: how large a model, and how much text, for a given budget?"""

import streamlit as st

from pages.n2_scale.scaling.scaling_board import show_scaling_board
from pages.n2_scale.scaling.scaling_examples import doubling, served, shown_model
from pages.n2_scale.scaling.scaling_questions import scaling_questions
from transformer_core.laws.scaling import KaplanLaw, ParametricLaw, cheapest_for_loss
from ui.check import show_check
from ui.code_drawer import show_code
from ui.frame import address_field, close_lesson, open_lesson
from ui.models import load
from ui.provenance import tag

reader = open_lesson(
    "How large a model, and how much text, for a given budget?",
    step="Scaling",
    minutes=7,
    lead="Training costs about **C = 6 N D** floating-point operations (FLOP) for *N* parameters "
    "and *D* tokens. A **scaling law** is a formula fitted to many trainings; it says which "
    "**loss** to expect: the average surprise at a token (lesson Predict), in nats, the unit "
    "of the natural logarithm. Everything on this page is arithmetic with published "
    "constants; your sentence plays no part here.",
)
for name in ("law", "params", "train"):
    address_field(name)
show_scaling_board(reader.model_name)
st.markdown(shown_model(load(reader.model_name)))

show_check(
    "scaling-check",
    st.session_state.get("law"),
    scaling_questions,
    again="Ask about the point where I am",
)

why, trap, use = st.columns(3)
with why.container(border=True, height="stretch"):
    st.markdown(
        f"**Why the two laws disagree** {tag('published')}  \n"
        "Kaplan et al. (2020) found that the best size grows with C to the power 0.73, Hoffmann "
        "et al. (2022) with about 0.5. Hoffmann et al. point to Kaplan's learning-rate schedule, "
        "which was the same for short and long runs, so that short runs looked worse than they "
        "need be. Pearce and Song (2024, arXiv 2406.12907) trace most of the difference to "
        "Kaplan's counting of parameters without embeddings, on small models, where the "
        f"embeddings are a large part. {doubling()}"
    )
with trap.container(border=True, height="stretch"):
    st.markdown(
        f"**What rounding does** {tag('published')}  \n"
        "The printed constants (406.4, 410.7, 0.34, 0.28) give 93 tokens per parameter at "
        "Chinchilla's budget, the same fit with all its digits 59, and Chinchilla itself was "
        "trained on 20. The valley around the best point is shallow, so small changes of the "
        "exponents move it far along while the loss hardly changes. Besiroglu et al. (2024, arXiv "
        "2404.10102) fitted the paper's own points again: 18 to 20, with wide error bars on A "
        "and B."
    )
with use.container(border=True, height="stretch"):
    st.markdown(
        f"**Why models are trained for longer than that** {tag('published')}  \n"
        "The best point counts training only. A model that is used pays 2 N for every token, "
        "again and again, so a smaller model trained for longer is cheaper over its life (Sardana "
        f"et al. 2023, arXiv 2401.00448). {served()} Llama 3 8B saw 15 trillion tokens, almost "
        "1,900 per parameter (arXiv 2407.21783); SmolLM2 135M saw 2 trillion, almost 15,000 "
        "(arXiv 2502.02737). Far from the fitted runs such a law is an "
        "extrapolation."
    )

show_code(ParametricLaw.optimum, "The best point in closed form")
show_code(KaplanLaw.loss, "Kaplan's law")
show_code(cheapest_for_loss, "The cheapest life")

close_lesson(
    "Scaling",
    recap=(
        "Loss falls as a power of size and of text; what is left over at the end is the text's "
        "own uncertainty.",
        "For a budget C = 6 N D there is one best pair; near it the loss hardly changes, so the "
        "fitted optimum is uncertain.",
        "About 20 tokens per parameter train cheapest, by two of the paper's three methods and by "
        "the refit; who serves many tokens trains a smaller model for longer.",
    ),
)
