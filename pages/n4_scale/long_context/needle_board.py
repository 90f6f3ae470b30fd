"""Recorded: how far back small models recall a planted pair through each pattern."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TypedDict

from transformer_core.records.result import Result, load_result
from ui.serving.component import component

EXPERIMENTS = Path(__file__).parents[3] / "assets" / "experiments"
RECALL, LIMIT = "recall, share of right answers", "recall if all that can arrive is recalled, share"


class NeedleLine(TypedDict):
    """A pattern: right answers by distance from 1 on, and the limit that its masks set.

    pairs: of the causal ones, those that it looks at; near, far: right answers among the questions
    whose pair can arrive, and among the others; `far` is None where every pair can.
    """

    name: str
    recall: list[float]
    limit: list[float]
    pairs: float
    near: float
    far: float | None


class NeedleData(TypedDict):
    """All patterns, what guessing is right in, and the models' shape."""

    lines: list[NeedleLine]
    chance: float
    window: int
    n_layers: int
    n_tokens: int
    n_seeds: int


def show_needle_board() -> None:
    """One pattern at a time, beside full attention."""
    component(__file__)(key="needle-board", data=describe_needles())


@cache
def needle_record() -> Result:
    """The experiment as recorded."""
    return load_result(EXPERIMENTS / "needle.json")


def describe_needles() -> NeedleData:
    """The record as the board draws it."""
    record = needle_record()
    curves = {(each.name, each.y_label): list(each.y) for each in record.series}
    settings = record.configuration["settings"]
    return {
        "lines": [
            _line(each["pattern"], curves, {name: e.value for name, e in record.fitted.items()})
            for each in settings
        ],
        "chance": curves["chance", RECALL][0],
        "window": settings[0]["window"],
        "n_layers": settings[0]["n_layers"],
        "n_tokens": settings[0]["context_length"],
        "n_seeds": len(record.seeds),
    }


def _line(
    name: str, curves: dict[tuple[str, str], list[float]], found: dict[str, float]
) -> NeedleLine:
    return {
        "name": name,
        "recall": curves[name, RECALL],
        "limit": curves[name, LIMIT],
        "pairs": found[f"{name}: share of pairs attended to"],
        "near": found[f"{name}: recall in reach"],
        "far": found.get(f"{name}: recall out of reach"),
    }
