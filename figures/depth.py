"""Untrained stacks along their depth: one curve for each design, named at its end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf, isfinite, log10
from typing import Any

import plotly.graph_objects as go

from figures.theme import css_name

# Each design's colour as a line and as text.
COLOURS = {
    "pre-norm": ("attention", "attention"),
    "post-norm": ("query", "query_text"),
    "no skip": ("negative", "negative_text"),
    "no norm": ("key", "key_text"),
    "neither": ("muted", "muted"),
}
LOWEST, HIGHEST = 1e-8, 1e8  # of a logarithmic axis
Curves = Mapping[str, Sequence[float]]
Drawn = Mapping[str, Sequence[float | None]]


def depth_figure(curves: Curves, first_layer: int, y_title: str, log: bool) -> go.Figure:
    """Values over layers, counted from `first_layer`.

    A curve ends where a value is not finite or, on a logarithmic axis, leaves 10^-8 to 10^8.
    """
    shown = {name: [_drawable(value, log) for value in values] for name, values in curves.items()}
    drawn = {name: values for name, values in shown.items() if any(v is not None for v in values)}
    last_layer = first_layer + max(len(values) for values in curves.values()) - 1
    return go.Figure(
        data=[_curve(name, values, first_layer) for name, values in drawn.items()],
        layout={
            "xaxis": {
                "title": {"text": "layer"},
                "range": [first_layer - 0.02 * last_layer, last_layer * 1.02],
                "dtick": 1 if last_layer <= 4 else None,
            },
            "yaxis": {
                "title": {"text": y_title},
                "type": "log" if log else "linear",
                "exponentformat": "power",
                "dtick": _step(drawn) if log else None,
            },
            "annotations": _names(drawn, first_layer, log),
            "margin": {"l": 8, "r": 76, "t": 16, "b": 8},
        },
    )


def _drawable(value: float, log: bool) -> float | None:
    return value if isfinite(value) and (not log or LOWEST <= value <= HIGHEST) else None


def _curve(name: str, values: Sequence[float | None], first_layer: int) -> go.Scatter:
    return go.Scatter(
        x=list(range(first_layer, first_layer + len(values))),
        y=values,
        name=name,
        showlegend=False,
        mode="lines+markers" if len(values) < 14 else "lines",
        line={"color": css_name(COLOURS[name][0]), "width": 2.5},
        marker={"size": 5},
        hovertemplate=f"{name}, layer %{{x}}: %{{y:.3g}}<extra></extra>",
    )


def _height(value: float, log: bool) -> float:
    return log10(value) if log else value


def _reach(drawn: Drawn, log: bool) -> float:
    """From the lowest to the highest value, on a logarithmic axis in powers of ten."""
    every = [_height(v, log) for values in drawn.values() for v in values if v is not None]
    return max(every) - min(every)


def _step(drawn: Drawn) -> float | str:
    """Between ticks: powers of ten, or 1, 2, 5 and so on where the curves span hardly one."""
    reach = _reach(drawn, log=True)
    return "D2" if reach < 1.5 else max(1, round(reach / 5))


def _names(drawn: Drawn, first_layer: int, log: bool) -> list[dict[str, Any]]:
    """A name beside the last value of each curve, moved down where two would touch."""
    ends = {}
    for name, values in drawn.items():
        at, last = next((i, v) for i, v in reversed(list(enumerate(values))) if v is not None)
        ends[name] = (first_layer + at, _height(last, log))
    apart = 0.08 * (_reach(drawn, log) or 1)
    free = {layer: inf for layer, _ in ends.values()}
    placed: list[dict[str, Any]] = []
    for name, (layer, height) in sorted(ends.items(), key=lambda end: -end[1][1]):
        free[layer] = min(height, free[layer] - apart)
        placed.append(
            {
                "x": layer,
                "y": free[layer],
                "text": f"<b>{name}</b>",
                "font": {"color": css_name(COLOURS[name][1])},
                "xanchor": "left",
                "xshift": 6,
                "showarrow": False,
            }
        )
    return placed
