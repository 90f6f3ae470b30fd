"""The Mask lesson's experiment: two small Transformers trained now, one with the mask, one without.

Trained once per process, on a button press, since nothing in it depends on the reader's text; in
a thread of its own, so that nobody waits for it, and whoever presses later gets the same run.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from threading import Lock, Thread
from typing import Any

import streamlit as st
import torch

from figures.numbers import count, number
from figures.peeking import loss_curves
from transformer_core.lens.peeking import (
    LENGTH,
    STEPS,
    Letters,
    Pupil,
    stories,
    teach,
    two_pupils,
)
from transformer_core.masks import causal_mask, full_mask
from ui.chart import Rich, show_chart
from ui.models import HEAVY_PASSES, load
from ui.prose import plain
from ui.provenance import tag

WRITER = "fable-classic"
STORIES, STORY_LENGTH = 48, 96  # texts to learn from, and their tokens
START = "Once upon a time"
TURN = 10  # steps before other visitors get their turn
WRITTEN = 90  # letters that each pupil writes at the end
ASKED = "peeking-asked"  # in a visitor's session: whether to show what is there


@dataclass(frozen=True)
class Experiment:
    """What both pupils, taught with and without the mask, score and write after their training."""

    hidden: tuple[float, float]  # held-out loss in nats per letter with the future hidden
    in_sight: tuple[float, float]
    written: tuple[str, str]
    n_letters: int


class Job:
    """The experiment under way: how far it is, and its outcome once there is one."""

    def __init__(self) -> None:
        self.share, self.doing = 0.0, "beginning"
        self.losses: tuple[list[float], list[float]] = ([], [])
        self.uniform = 0.0
        self.outcome: Experiment | None = None
        self.failed = False
        self.thread = Thread(target=self._run, daemon=True, name="peeking")
        self.thread.start()

    def _run(self) -> None:
        try:
            self.outcome = self._experiment()
        except Exception:
            self.failed = True
            raise

    def _experiment(self) -> Experiment:
        letters = Letters.of(self._stories())
        pupils = two_pupils(letters)
        self.losses, self.uniform = (pupils[0].losses, pupils[1].losses), letters.uniform_loss
        for step in in_turns(teach(pupils, letters)):
            self.share, self.doing = 0.3 + 0.7 * step / STEPS, f"step {step} of {STEPS}"
        with HEAVY_PASSES:
            return examine(pupils, letters)

    def _stories(self) -> str:
        loaded = load(WRITER)
        self.doing = f"{WRITER} writes {STORIES} stories to learn from"
        ids = torch.empty(0)
        for ids in in_turns(
            stories(loaded.model, loaded.tokenizer.encode(START), STORIES, STORY_LENGTH)
        ):
            self.share = 0.3 * ids.shape[1] / STORY_LENGTH
        texts = [loaded.tokenizer.decode(row) for row in ids.tolist()]
        return "\n".join(text.split("<|endoftext|>")[0] for text in texts)


def in_turns(work: Iterator[Any]) -> Iterator[Any]:
    """The last result of every TURN; in between, others have their turn at the processor."""
    while True:
        with HEAVY_PASSES:
            done = list(islice(work, TURN))
        if not done:
            return
        yield done[-1]


def examine(pupils: tuple[Pupil, Pupil], letters: Letters) -> Experiment:
    """Both pupils on the held-out text, future hidden and in sight, and what they write."""
    start = [letters.alphabet.index(letter) for letter in START.lower()]
    first, second = pupils
    held_out, hidden, full = letters.held_out, causal_mask(LENGTH), full_mask(LENGTH)
    written = [pupil.write(start, WRITTEN, seed=0) for pupil in pupils]
    texts = ["".join(letters.alphabet[i] for i in ids) for ids in written]
    return Experiment(
        hidden=(first.loss(held_out, hidden), second.loss(held_out, hidden)),
        in_sight=(first.loss(held_out, full), second.loss(held_out, full)),
        written=(texts[0], texts[1]),
        n_letters=len(letters.train) + len(held_out),
    )


_jobs: list[Job] = []  # one at most
_starting = Lock()


def start_job() -> None:
    """Begin, unless somebody else has; a failed one is begun anew."""
    with _starting:
        if not _jobs or _jobs[0].failed:
            _jobs[:] = [Job()]


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
    job = _jobs[0] if _jobs and not _jobs[0].failed else None
    if not job or not st.session_state.get(ASKED):
        _offer(job)
        return False
    if not job.outcome:
        _watch()
        return False
    _show_outcome(job, job.outcome)
    return True


def _offer(job: Job | None) -> None:
    """The button that begins, or that shows what another visitor has begun."""
    if _jobs and not job:
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
    job = _jobs[0]
    if job.outcome or job.failed:
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
