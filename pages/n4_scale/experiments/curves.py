"""All curves of an experiment that share both axes, beside their names, which pick them out."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TypedDict

from figures.experiment import (
    Curves,
    amount,
    are_repeats,
    curves_figure,
    ending,
    shown_name,
)
from figures.line_styles import Style
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
    """A figure and the names of its curves, in their order.

    `ending`: what the number beside a name is; `many`: the names stand below the figure.
    """

    name: str
    figure: PlotlyFigure
    curves: list[CurveName]
    ending: str
    finding: str
    alt: str
    many: bool
    kind: Kind
    meaning: str
    height: int


def show_curves(curves: Curves, styles: Mapping[str, Style], key: str) -> None:
    """One card: the quantity as its title, the figure, the names."""
    of_these = tuple((curve.name, styles[curve.name]) for curve in curves)
    component(__file__)(key=key, data=_described(curves, of_these, key))


@lru_cache(maxsize=64)
def _described(curves: Curves, styles: tuple[tuple[str, Style], ...], name: str) -> CurvesData:
    figure, label = curves_figure(curves, dict(styles)), curves[0].y_label
    where = "mean of the points" if all(map(are_repeats, curves)) else "last point"
    ends = [f"{shown_name(each.name)} {amount(ending(each))}" for each in curves[:SPOKEN]]
    more = f" and {len(curves) - SPOKEN} more" if len(curves) > SPOKEN else ""
    return {
        "name": name,
        "figure": plotly_figure(figure),
        "curves": [
            {
                "name": line.meta["name"],
                "colour": line.meta["colour"],
                "dash": line.line.dash,
                "last": line.meta["ending"],
            }
            for line in figure.data
        ],
        "ending": where,
        "finding": label[:1].upper() + label[1:],
        "alt": f"{label} against {curves[0].x_label}. At the {where}: {', '.join(ends)}{more}.",
        "many": len(curves) > ABREAST,
        "kind": "measured",
        "meaning": MEANING["measured"],
        "height": 420 if len(curves) > ABREAST else 320,
    }
