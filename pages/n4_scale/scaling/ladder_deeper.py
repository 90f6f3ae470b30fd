"""Measured laws for engineers: how the ladder was trained, how the fits are made, the code."""

import streamlit as st

from figures.numbers import count, number, short
from pages.n4_scale.scaling.counting_board import FIRST as COUNTED
from pages.n4_scale.scaling.counting_board import VOCABULARIES
from pages.n4_scale.scaling.ladder_board import FIRST
from pages.n4_scale.scaling.ladder_record import cuts, record, rungs
from transformer_core.laws.floored_power_law import fit_floored_power_law
from transformer_core.laws.power_law import fit_power_law
from transformer_core.laws.scaling import REFIT
from transformer_core.laws.uncounted_embeddings import UncountedEmbeddings
from ui.code_drawer import show_code
from ui.provenance import tag


def show_deeper() -> None:
    """The design and its weak spots, the intervals, the joint fit, then the code."""
    design, intervals, joint = st.columns(3)
    with design.container(border=True, height="stretch"):
        st.markdown(design_in_words())
    with intervals.container(border=True, height="stretch"):
        st.markdown(intervals_in_words())
    with joint.container(border=True, height="stretch"):
        st.markdown(joint_in_words())
    st.markdown(counted_in_words())
    show_code(fit_power_law, "The straight line and its interval")
    show_code(fit_floored_power_law, "The law with a floor and its profile")
    show_code(UncountedEmbeddings.growth, "The exponent without embeddings")


def design_in_words() -> str:
    """What was held equal, and what that may do to the exponents."""
    rates = record().curve("tuned").y
    return (
        f"**How the ladder was trained** {tag('measured', record().date)}  \n"
        f"{sum(len(rung.tokens) for rung in rungs())} trainings of {len(rungs())} sizes, all with "
        "Muon, on simple prose, children’s books and short stories in a vocabulary of 512. The "
        "loss is measured on held-out books. Each budget has a decay of its own (the last fifth), "
        "branched off one long training.\n\n"
        "Sound: the same text in the same order, in windows drawn at random, and a learning rate "
        "tuned for each size "
        f"({number(max(rates), 3)} for the smallest, {number(min(rates), 3)} for the largest).\n\n"
        "Weak: the rate was tuned at one short budget and kept for the longer ones. The batch of "
        "2,048 tokens is the same for all. Most points are one seed; where there are three, they "
        "differ by up to 0.11 nats. The large sizes were trained on up to 1 million tokens, the "
        f"small ones on up to {short(rungs()[0].tokens[-1])}. Command: `{record().command}`."
    )


def intervals_in_words() -> str:
    """What 95 % means here."""
    cut = cuts()[FIRST]
    line = fit_power_law(cut.x, cut.losses)
    fit = fit_floored_power_law(cut.x, cut.losses, 10 * max(cut.x))
    return (
        f"**What the intervals say** {tag('live')}  \n"
        "The line is least squares on logarithms, with Student’s t. The law with a floor is least "
        "squares of relative errors. For a given α it is linear in F and c, so that one search "
        "along α is left. Its interval is the profile: all values of a law whose squared error is "
        "at most 1 + t²/(n − 3) times the least one.\n\n"
        f"For the eight sizes the core finds α = {number(line.exponent.value, 4)} for the line. "
        f"With a floor it finds α = {number(fit.exponent.value, 3)} "
        f"({number(fit.exponent.low, 3)} to {number(fit.exponent.high, 3)}) and F = "
        f"{number(fit.floor.value, 3)} ({number(fit.floor.low, 3)} to "
        f"{number(fit.floor.high, 3)}). The browser computes the same; a test compares them.\n\n"
        "Both intervals suppose independent errors of equal relative size. Our trainings share "
        "their text and its order, so the true uncertainty is larger."
    )


def counted_in_words(n: float = 1e7) -> str:
    """The exponent without embeddings at one size, by the core."""
    vocabulary = VOCABULARIES[COUNTED]
    growth = UncountedEmbeddings(REFIT, vocabulary).growth(n)
    return (
        f"{tag('live')} **Computed just now:** with {short(n)} parameters in the layers and a "
        f"vocabulary of {count(vocabulary)}, the best size without embeddings grows as C to the "
        f"power {number(growth)}. The exponent comes from the condition that the loss be least, "
        "differentiated once more; a test compares it with a numerical search."
    )


def joint_in_words() -> str:
    """All trainings at once, beside larger studies."""
    values = record().fitted
    e, alpha, beta, growth = (
        values[name] for name in ("E", "alpha", "beta", "exponent of C in the best N")
    )
    return (
        f"**All 40 trainings at once** {tag('measured')}  \n"
        "A floor at one length is not the irreducible loss: it also holds what the short text "
        "costs. It falls when the trainings get longer, as the buttons show. The law in both "
        "variables, L = E + A/N^α + B/D^β, separates the two. Fitted to all trainings it gives "
        f"E = {number(e.value)} ({number(e.low)} to {number(e.high)}), α = {number(alpha.value)} "
        f"({number(alpha.low)} to {number(alpha.high)}), β = {number(beta.value)} "
        f"({number(beta.low)} to {number(beta.high)}). The best size then grows as C to the power "
        f"{number(growth.value)} ({number(growth.low)} to {number(growth.high)}).\n\n"
        "Larger studies: Besiroglu et al. (2024) find α = 0.35, β = 0.37 and 0.51 from sizes up to "
        "16 billion. Kaplan et al. (2020) fit no floor and find 0.076 for N. Losses of other texts "
        "and vocabularies cannot be compared with ours, exponents only with care."
    )
