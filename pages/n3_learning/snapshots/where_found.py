"""In which of the trainings here an induction head was found, and in which not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import streamlit as st

from figures.numbers import percent
from pages.n3_learning.snapshots.kept_steps import copying_record, story_steps
from transformer_core.records.result import load_result
from ui.head_roles import head_name, head_record, measured_halves
from ui.known_models import catalogue

EXPERIMENT = Path(__file__).parents[3] / "assets" / "experiments" / "induction.json"


def show_where_found() -> None:
    """One row for each model: its strongest head on made-up repeats, and on everyday text."""
    rows = [_copying_row(), _experiment_row(), *_shipped_rows()]
    head = "| Model | Strongest head on made-up repeats | Induction heads by both tests |"
    st.markdown("\n".join([head, "| --- | --- | --- |", *rows]))


def _copying_row() -> str:
    last = copying_record()["looks"][-1]
    best = max(score for layer in last["matches"] for score in layer)
    return f"| The small model above | {percent(best)} | not a language model: first test only |"


def _experiment_row() -> str:
    result = load_result(EXPERIMENT)
    match, back = (result.curve(name).y[-1] for name in ("induction", "previous token"))
    return (
        f"| A run of 4 layers (Experiments, “induction”) | {percent(match)}, although a "
        f"previous-token head reached {percent(back)} | none |"
    )


def _shipped_rows() -> Iterator[str]:
    """Of fable-tiny, which no visitor can choose, and of those that can be chosen."""
    yield _story_row()
    for name, offered in catalogue().offered.items():
        halves, heads = measured_halves(name), head_record(name).get("heads", [])
        if halves is None or not heads:
            continue
        best = max(heads, key=lambda each: each["repeated"]["induction"])
        score = percent(best["repeated"]["induction"])
        both = ", ".join(head_name(*head) for head in halves.both()) or "none"
        yield f"| {offered.title} | {score} | {both} |"


def _story_row() -> str:
    best = max(each["repeated"]["induction"] for each in story_steps()[-1]["heads"])
    return f"| The story model of the first picture | {percent(best)} | none |"
