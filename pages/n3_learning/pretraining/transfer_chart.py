"""What pretraining is worth to a task with few labels: the recorded experiment, and its limits."""

from __future__ import annotations

import streamlit as st

from figures.numbers import number, percent
from figures.transfer import Way, transfer_figure
from pages.n3_learning.pretraining.own_sentence import MOST, twins
from pages.n3_learning.pretraining.transfer_record import (
    FINE_TUNED,
    FROZEN,
    PAIRS,
    SCRATCH,
    by_loss_alone,
    curve,
    record,
)
from ui.chart import show_chart
from ui.models import load
from ui.prose import plain
from ui.state import Reader

ROLES = {
    FINE_TUNED: ("fine-tuned", "attention"),
    FROZEN: ("frozen", "query"),
    SCRATCH: ("untrained", "negative"),
    PAIRS: ("word pairs", "residual"),
}
AS_WRITTEN = "Tim had a task to clean up his room."
SCRAMBLED = "They slowly washing the machine walk to."


def show_transfer() -> None:
    """The chart, and beside it the task."""
    chart, task = st.columns([5, 2])
    with chart:
        _show_curves()
    with task.container(border=True, height="stretch"):
        _show_task()


def _show_curves() -> None:
    most = curve(FINE_TUNED).examples[-1]
    tuned, scratch, pairs = (curve(way).at(most) for way in (FINE_TUNED, SCRATCH, PAIRS))
    show_chart(
        transfer_figure(_ways(), by_loss_alone()),
        key="transfer",
        finding=[
            f"With {most:,} labelled sentences, the pretrained model answers {percent(tuned)} "
            f"right, the same model from random weights {percent(scratch)}. Counting pairs of "
            f"words, without a network, answers {percent(pairs)}"
        ],
        caption=[
            f"fable-tiny on held-out sentences, mean of {len(record().seeds)} trainings; a bar "
            "goes from the lowest to the highest. Frozen: only one vector on top of the pretrained "
            "model is trained. Untrained: it starts from random weights."
        ],
        alt=f"Right answers against labelled sentences, from {curve(FINE_TUNED).examples[0]} to "
        f"{most}: fine-tuned ends at {percent(tuned)}, from random weights at {percent(scratch)}.",
        kind="measured",
    )


def _ways() -> list[Way]:
    return [
        Way(
            name,
            role,
            curve(way).examples,
            curve(way).mean,
            list(map(min, curve(way).by_seed)),
            list(map(max, curve(way).by_seed)),
        )
        for way, (name, role) in ROLES.items()
    ]


def _show_task() -> None:
    st.markdown(
        "**The task**  \n"
        "Is a sentence as it was written, or are its words scrambled?\n\n"
        f"- *{AS_WRITTEN}*  \nwritten\n"
        f"- *{SCRAMBLED}*  \nscrambled\n\n"
        "Both have the same words: who only counts words is right half the time."
    )


def show_without_labels(reader: Reader) -> None:
    """What the loss alone tells, in the record and on the reader's text."""
    st.markdown(
        "A program scrambles every second sentence of the task above, so labels cost nothing. "
        "Counting pairs of words is a shortcut that works well in such simple stories. The dotted "
        "line needs no label: the half of the sentences with the higher next-token loss "
        "is called scrambled. "
        "Pretraining has learnt the order of words; fine-tuning has to find it. "
        + own_words(reader)
    )


def own_words(reader: Reader) -> str:
    """What both orders of the reader's words cost, in a sentence."""
    found = twins(reader.model_name, reader.text)
    if found is None:
        return "With four different words or more in the field above, your own text is tried here."
    cheaper = found.written_loss < found.scrambled_loss
    own = (
        "Your text" if len(reader.text.split()) <= MOST else f"The first {MOST} words of your text"
    )
    verb = "costs" if own == "Your text" else "cost"
    return (
        f"**Live:** {own[:1].lower()}{own[1:]} {verb} {load(reader.model_name).title} "
        f"{number(found.written_loss)} nats a token as written and "
        f"{number(found.scrambled_loss)} as “{plain(found.scrambled)}”. "
        + ("The loss tells them apart." if cheaper else "Here the loss would call it wrongly.")
    )
