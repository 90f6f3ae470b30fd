"""The Mask lesson's experiment, on a button press: the curves as they fall, then what they show."""

from __future__ import annotations

import streamlit as st

from figures.numbers import count, number
from figures.peeking import loss_curves
from pages.n1_forward_pass.mask.peeking_job import (
    STORIES,
    WRITER,
    Experiment,
    Job,
    latest_job,
    start_job,
)
from transformer_core.lens.peeking import LENGTH, STEPS
from ui.chart import Rich, show_chart
from ui.prose import plain
from ui.provenance import tag

ASKED = "peeking-asked"  # in a visitor's session: whether to show what is there


def show_peeking() -> bool:
    """The button, the curves as they fall, and what either pupil is worth afterwards.

    Returns whether the reader has seen the two through.
    """
    st.subheader("Why a model must not be trained without the mask", anchor=False)
    st.markdown(
        "Two copies of one small Transformer (1 layer, 2 heads, d_model 32) learn to predict the "
        f"next **letter** of {STORIES} stories, which {WRITER} writes first. One copy "
        "learns with the causal mask, the other without a mask. The second can read the letter "
        "that it has to predict: it stands in the input, one place to the right."
    )
    job = latest_job()
    if not job or job.failed or not st.session_state.get(ASKED):
        _offer(job)
        return False
    if not job.outcome:
        _watch()
        return False
    _show_outcome(job, job.outcome)
    return True


def _offer(job: Job | None) -> None:
    """The button that begins, or that shows what another visitor has begun."""
    if job and job.failed:
        job = None
        st.error("The training stopped with an error. You can start it again.")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Show the training" if job else "Train both now",
            icon=":material/play_arrow:",
            type="primary",
            on_click=_ask,
        )
        when = "run once for all visitors" if job else "10 to 40 seconds"
        st.caption(
            f"{STEPS} steps each, {when}. Predict first: which training loss will be lower, and "
            "which of the two will be able to write?"
        )


def _ask() -> None:
    """The visitor has thought about the question and wants to see."""
    st.session_state[ASKED] = True
    start_job()


@st.fragment(run_every=0.4)
def _watch() -> None:
    job = latest_job()
    if not job or job.outcome or job.failed:
        st.rerun()
    st.progress(job.share, job.doing)
    if job.losses[0]:
        _show_curves(job, ["Both training losses, as they fall."])


def _show_curves(job: Job, finding: Rich) -> None:
    masked, unmasked = (list(losses) for losses in job.losses)
    both = min(len(masked), len(unmasked))
    show_chart(
        loss_curves(masked[:both], unmasked[:both], job.uniform, STEPS),
        key="peeking-curves",
        finding=finding,
        alt=f"Training loss in nats per letter after {both} steps: with the mask "
        f"{number(masked[both - 1])}, without {number(unmasked[both - 1])}; a uniform guess has "
        f"{number(job.uniform)}.",
        caption=["Each point is the mean of the last 10 steps."],
    )


def _show_outcome(job: Job, outcome: Experiment) -> None:
    ends = [sum(losses[-10:]) / 10 for losses in job.losses]
    curves, exam = st.columns([1.15, 1])
    with curves:
        _show_curves(
            job,
            [
                "Without the mask, the training loss ends at ",
                ("negative", number(ends[1])),
                " nats per letter, with the mask at ",
                ("attention", number(ends[0])),
                ".",
            ],
        )
    with exam.container(border=True, height="stretch"):
        st.markdown(f"**Both models, tested on stories that neither has read** {tag('live')}")
        st.markdown(_marks(outcome, job.uniform))
        for who, text in zip(("with the mask", "without it"), outcome.written, strict=True):
            st.markdown(f"The model trained **{who}** writes: {plain(text)}")
    st.markdown(_reading(outcome, job.uniform))


def _marks(outcome: Experiment, uniform: float) -> str:
    """A table of held-out losses in nats per letter."""
    rows = (
        ("no mask: future visible", outcome.in_sight),
        ("**causal mask: future hidden**", outcome.hidden),
    )
    lines = [f"| {name} | {number(a)} | {number(b)} |" for name, (a, b) in rows]
    head = "| loss in nats per letter, tested with | trained with the mask | trained without |"
    guess = f"| a uniform guess | {number(uniform)} | {number(uniform)} |"
    return "\n".join([head, "|---|---:|---:|", *lines, guess])


def _reading(outcome: Experiment, uniform: float) -> str:
    with_mask, without = outcome.hidden
    worse = "more than a uniform guess" if without > uniform else "less than a uniform guess"
    return (
        "The model without a mask has learnt to copy the letter on its right. "
        f"The rest of its loss ({number(outcome.in_sight[1])}) comes mostly from the last position "
        f"of each span of {LENGTH} letters, which has no letter on its right. A model that writes "
        "never has one. With the causal mask on both, its loss is "
        f"{number(without)} nats, {worse}; the other model has {number(with_mask)}. "
        f"Of {count(outcome.n_letters)} letters, the last tenth was kept for this test."
    )
