"""Our ladder in log-log: points to switch off, and the two laws that are fitted to the others."""

from __future__ import annotations

from typing import TypedDict

from pages.n4_scale.scaling.ladder_record import Cut, cuts
from transformer_core.laws.estimate import student
from transformer_core.laws.floored_power_law import LEAST_POINTS
from ui.serving.component import component

FIRST = 2  # the cut that is shown at first: eight sizes at the longest length that all reached
LEVEL = 0.95


class CutData(TypedDict):
    """Trainings of which only one thing varies, "parameters" or "tokens"."""

    name: str
    along: str
    x: list[float]
    losses: list[float]


class LadderData(TypedDict):
    """The cuts, which is first, and how few points may be left.

    `student[n]` is the factor of a 95 % interval with n degrees of freedom.
    """

    cuts: list[CutData]
    first: int
    least: int
    student: list[float]


def show_ladder_board() -> None:
    """Points, both fits, what each misses, and the loss without the floor."""
    component(__file__)(key="ladder-board", data=describe_ladder())


def describe_ladder() -> LadderData:
    """All that the browser needs to fit any of the points."""
    most = max(len(cut.x) for cut in cuts())
    return {
        "cuts": [_cut_data(cut) for cut in cuts()],
        "first": FIRST,
        "least": LEAST_POINTS,
        "student": [0.0, *(student(n, LEVEL) for n in range(1, most))],
    }


def _cut_data(cut: Cut) -> CutData:
    return {"name": cut.name, "along": cut.along, "x": [*cut.x], "losses": [*cut.losses]}
