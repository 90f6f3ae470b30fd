"""Is it an induction head? Both halves of the definition, as they were measured for each head."""

from __future__ import annotations

from dataclasses import asdict
from typing import TypedDict, cast

from pages.n1_forward_pass.heads.induction_halves import trained_on
from ui.head_roles import measured_halves
from ui.serving.component import component


class HalfFacts(TypedDict):
    """One head, counted from 0: its weight on what followed an earlier copy, and what it adds.

    repeated: the weight on made-up repeats; prefix: on everyday sentences; copying: by how many
    logits it raises that token there; verdict: which halves hold there, in words.
    """

    layer: int
    head: int
    repeated: float
    prefix: float
    copying: float
    verdict: str


class MeasuredHalves(TypedDict):
    """Heads that match on made-up repeats, and in words what was measured of all."""

    halves: list[HalfFacts]
    trained: str


def show_halves_board(model_name: str) -> None:
    """A table of heads; nothing where no record of these weights is here."""
    if found := measured_halves(model_name):
        data: MeasuredHalves = {
            "halves": [cast(HalfFacts, asdict(each)) for each in found.heads],
            "trained": trained_on(model_name, found),
        }
        component(__file__)(key="halves-board", data=data)
