"""Is it an induction head? Both halves of the definition, as they were measured for each head."""

from __future__ import annotations

from typing import TypedDict

from pages.n1_forward_pass.heads.induction_halves import HalfFacts, measured_halves, trained_on
from ui.serving.component import component


class MeasuredHalves(TypedDict):
    """Heads that match on made-up repeats, and in words what was measured of all."""

    halves: list[HalfFacts]
    trained: str


def show_halves_board(model_name: str) -> None:
    """A table of heads; nothing where no record of these weights is here."""
    if found := measured_halves(model_name):
        data: MeasuredHalves = {
            "halves": list(found.heads),
            "trained": trained_on(model_name, found),
        }
        component(__file__)(key="halves-board", data=data)
