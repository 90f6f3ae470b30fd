"""By hand: a gradient on its way back through a chain of sublayers, with skips and without."""

from __future__ import annotations

from typing import TypedDict

from ui.serving.component import component


class Chain(TypedDict):
    """So many sublayers f(x) = slope · x, one after the other."""

    slope: float
    sublayers: int


def show_gradient_board() -> None:
    """Two sliders, and what the gradient is multiplied by."""
    data: Chain = {"slope": 0.1, "sublayers": 12}
    component(__file__)(key="gradient-board", data=data)
