"""The race of the optimizers: computed in the browser, on two made-up problems."""

from __future__ import annotations

from typing import TypedDict

from ui.serving.component import component


class RaceData(TypedDict):
    """A board draws when it is told something; this one needs no numbers."""

    started: bool


def show_race_board() -> None:
    """Two weights in a valley, then a matrix."""
    data: RaceData = {"started": True}
    component(__file__)(key="race-board", data=data)
