"""A figure of `figures/` on a page: a title that states the finding, the figure, one line below."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TypedDict

import plotly.graph_objects as go

from ui.provenance import MEANING, Kind
from ui.serving.component import component

HEIGHT = 320  # pixels, of a figure that says nothing of it

# Prose for a component: a string, or (role, text) in the colour of that role.
Rich = Sequence[str | tuple[str, str]]
Json = str | float | bool | None | list["Json"] | dict[str, "Json"]


class PlotlyFigure(TypedDict):
    """As Plotly's script takes it."""

    data: list[dict[str, Json]]
    layout: dict[str, Json]


class ChartData(TypedDict):
    """A figure and what is said around it; `name`: of the file that a reader saves."""

    name: str
    figure: PlotlyFigure
    finding: list[str | tuple[str, str]]
    caption: list[str | tuple[str, str]]
    alt: str
    kind: Kind
    meaning: str
    height: float


def show_chart(
    figure: go.Figure,
    *,
    key: str,
    finding: Rich,
    alt: str,
    caption: Rich = (),
    kind: Kind = "live",
) -> None:
    """Draw it, or change the one with this key in place.

    Plotly redraws inside one component, so that zoom and hover survive a change of data, which
    `st.plotly_chart` would answer by building everything again. `alt` says what the picture shows
    to those who cannot see it.
    """
    data: ChartData = {
        "name": key,
        "figure": plotly_figure(figure),
        "finding": list(finding),
        "caption": list(caption),
        "alt": alt,
        "kind": kind,
        "meaning": MEANING[kind],
        "height": figure.layout.height or HEIGHT,
    }
    component(__file__)(key=key, data=data)


def plotly_figure(figure: go.Figure) -> PlotlyFigure:
    """Without the template and the height, which are the browser's to set."""
    drawn = json.loads(figure.to_json())
    layout = {
        name: part for name, part in drawn["layout"].items() if name not in ("template", "height")
    }
    return {"data": drawn["data"], "layout": layout}
