"""Right answers against the number of labelled examples, for several ways to a classifier."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from figures.numbers import percent
from figures.theme import css_name

HEIGHT = 510  # pixels
NAMES = 122  # pixels for the names of the curves
CHANCE = 0.5
APART = 0.05  # of the right answers, between two names


@dataclass(frozen=True)
class Way:
    """Means over seeds by the number of examples, and the least and greatest of each."""

    name: str
    role: str
    examples: Sequence[float]
    mean: Sequence[float]
    low: Sequence[float]
    high: Sequence[float]


def transfer_figure(ways: Sequence[Way], by_loss: float) -> go.Figure:
    """A line with bars of spread for each way; dotted, chance and what needs no label."""
    levels = {"loss alone": by_loss, "chance": CHANCE}
    ends = {way.name: (way.mean[-1], way.role) for way in ways}
    ends |= {name: (y, "muted") for name, y in levels.items()}
    x = ways[0].examples
    return go.Figure(
        data=[
            *(_level(name, y, (x[0], x[-1])) for name, y in levels.items()),
            *map(_line, ways),
        ],
        layout={
            "height": HEIGHT,
            "xaxis": {
                "type": "log",
                "title": {"text": "labelled sentences"},
                "tickvals": list(x),
                "ticktext": [f"{each:,.0f}" for each in x],
            },
            "yaxis": {
                "title": {"text": "right answers"},
                "range": [0.4, 1.02],
                "tickvals": [0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1],
                "ticktext": [f"{each} %" for each in range(40, 101, 10)],
            },
            "margin": {"r": NAMES},
            "annotations": _names(ends),
        },
    )


def _line(way: Way) -> go.Scatter:
    ups = [high - mean for high, mean in zip(way.high, way.mean, strict=True)]
    downs = [mean - low for low, mean in zip(way.low, way.mean, strict=True)]
    return go.Scatter(
        name=way.name,
        x=list(way.examples),
        y=list(way.mean),
        customdata=[percent(mean) for mean in way.mean],
        error_y={"array": ups, "arrayminus": downs, "thickness": 1.5, "width": 4},
        mode="lines+markers",
        line={"color": css_name(way.role), "width": 2.4},
        marker={"color": css_name(way.role), "size": 8},
        hovertemplate=f"<b>{way.name}</b><br>%{{x:,}} labelled sentences: "
        "%{customdata}<extra></extra>",
    )


def _level(name: str, y: float, ends: tuple[float, float]) -> go.Scatter:
    return go.Scatter(
        name=name,
        x=list(ends),
        y=[y, y],
        mode="lines",
        line={"color": css_name("muted"), "width": 1.6, "dash": "dot"},
        hovertemplate=f"{name}: {percent(y)}<extra></extra>",
    )


def _names(ends: dict[str, tuple[float, str]]) -> list[dict[str, Any]]:
    """At the right, from below upwards, each at least `APART` above the one before."""
    placed, last = [], 0.0
    for name, (y, role) in sorted(ends.items(), key=lambda end: end[1][0]):
        last = max(y, last + APART)
        placed.append(
            {
                **{"x": 1, "xref": "paper", "xanchor": "left", "xshift": 8, "y": last},
                **{"text": f"{name} {percent(y)}", "showarrow": False},
                "font": {"color": css_name(role), "size": 14},
            }
        )
    return placed
