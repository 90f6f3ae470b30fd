"""By hand: one pair of RoPE and one head of ALiBi at distances that training never showed."""

from __future__ import annotations

from typing import TypedDict

from ui.serving.component import component

TRAINED, READ = 256, 512  # positions
TURN = 0.5  # degrees per position: in training such a pair does not come round once
SLOPE = 4  # ALiBi lowers a score by 1/SLOPE for each token of distance


class FarSetting(TypedDict):
    """Positions that the model was trained on, and is to read; what a pair and a head do per token.

    turn: degrees; slope: the number below the 1.
    """

    trained: int
    read: int
    turn: float
    slope: int


def show_far_board() -> None:
    """A distance to choose, positions to halve, and what becomes of an angle and a score."""
    data: FarSetting = {"trained": TRAINED, "read": READ, "turn": TURN, "slope": SLOPE}
    component(__file__)(key="far-board", data=data)
