"""All curves of an experiment that share both axes, beside their names, which pick them out."""

from __future__ import annotations

from functools import lru_cache
from typing import TypedDict

from figures.experiment import Curves, amount, curves_figure, shown_name
from ui.chart import PlotlyFigure, plotly_figure
from ui.provenance import MEANING, Kind
from ui.serving.component import component

ABREAST = 10  # curves up to which the names stand beside the figure
SPOKEN = 12


class CurveName(TypedDict):
    """How one curve is told from the others, and where it ends."""

    name: str
    colour: str
    dash: str
    last: float


class CurvesData(TypedDict):
    """A figure and the names of its curves, in their order; `many`: they stand below it."""

    name: str
    figure: PlotlyFigure
    curves: list[CurveName]
    finding: str
    alt: str
    many: bool
    kind: Kind
    meaning: str
    height: int


def show_curves(curves: Curves, key: str) -> None:
    """One card: the quantity as its title, the figure, the names."""
    component(__file__)(key=key, data=_described(curves, key))


@lru_cache(maxsize=64)
def _described(curves: Curves, name: str) -> CurvesData:
    figure, label = curves_figure(curves), curves[0].y_label
    ends = [f"{shown_name(each.name)} {amount(each.y[-1])}" for each in curves[:SPOKEN]]
    more = f" and {len(curves) - SPOKEN} more" if len(curves) > SPOKEN else ""
    return {
        "name": name,
        "figure": plotly_figure(figure),
        "curves": [
            {
                "name": line.meta["name"],
                "colour": line.meta["colour"],
                "dash": line.line.dash,
                "last": line.y[-1],
            }
            for line in figure.data
        ],
        "finding": label[:1].upper() + label[1:],
        "alt": f"{label} against {curves[0].x_label}. At the last point: {', '.join(ends)}{more}.",
        "many": len(curves) > ABREAST,
        "kind": "measured",
        "meaning": MEANING["measured"],
        "height": 420 if len(curves) > ABREAST else 320,
    }
