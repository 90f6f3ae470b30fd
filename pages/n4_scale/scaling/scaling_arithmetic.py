"""Two pieces of arithmetic: why a power law is drawn as a line, and where 6 N D comes from."""

from __future__ import annotations

import streamlit as st

from figures.numbers import number, short
from figures.straight_line import straight_line
from transformer_core.laws.scaling import REFIT, ParametricLaw, training_step
from ui.chart import show_chart
from ui.provenance import tag

MARKED = (1e8, 1e9, 1e10)
N_IN, N_OUT = 2, 3


def show_straight_line() -> None:
    """The refit with endless text, where both axes are logarithmic."""
    show_chart(
        straight_line(REFIT, MARKED),
        key="straight-line",
        kind="published",
        finding=["A power law is a straight line when both axes are logarithmic"],
        caption=[straight_line_in_words(REFIT)],
        alt="The term A/N^α falls along a straight line. The whole loss bends towards its floor.",
    )


def straight_line_in_words(law: ParametricLaw) -> str:
    """The factor of a tenfold size, from one marked size to the next."""
    factor, alpha = 10**-law.alpha, number(law.alpha, 4)
    terms = " → ".join(number(law.a / n**law.alpha, 3) for n in MARKED)
    return (
        "With endless text, the refit’s loss is E + A/N^α. Ten times the parameters multiply A/N^α "
        f"by 10^−{alpha} ≈ {number(factor, 3)}, wherever you start: {terms}. Equal factors are "
        f"equal steps on a logarithmic axis, so this term is a line of slope −{alpha}. The whole "
        f"loss is no straight line: it approaches the floor E = {number(law.e, 3)}."
    )


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


def fewer_tokens(loss: float = 2.3) -> str:
    """Tokens with which models of three sizes reach one loss."""
    sizes = (1e9, 1e10, 1e11)
    said = [f"{short(REFIT.tokens_for(n, loss))} tokens with {short(n)} parameters" for n in sizes]
    return (
        f"**Larger models need fewer tokens for the same loss.** By the refit, a loss of {loss} "
        f"nats takes {said[0]}, {said[1]} and {said[2]}. Kaplan et al. (2020) call this sample "
        "efficiency."
    )
