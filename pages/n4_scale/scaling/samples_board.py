"""The same loss on fewer tokens: a line across the ladder's curves, which the reader moves."""

from __future__ import annotations

from typing import TypedDict

from pages.n4_scale.scaling.ladder_record import rungs
from ui.serving.component import component


class RungData(TypedDict):
    """One size of the ladder: losses of finished trainings by tokens; FLOP of training a token."""

    n: int
    flops: float
    tokens: list[float]
    losses: list[float]


class SamplesData(TypedDict):
    """All sizes, from small to large."""

    rungs: list[RungData]


def show_samples_board() -> None:
    """Loss against tokens for every size, and where each passes a line."""
    component(__file__)(key="samples-board", data=describe_samples())


def describe_samples() -> SamplesData:
    """As the record has it."""
    return {
        "rungs": [
            {
                "n": rung.n_parameters,
                "flops": rung.flops_per_token,
                "tokens": [*rung.tokens],
                "losses": [*rung.losses],
            }
            for rung in rungs()
        ]
    }
