"""A power law with a floor against its variable, both axes logarithmic."""

from __future__ import annotations

from math import log10

import numpy as np
import plotly.graph_objects as go

from figures.numbers import number
from figures.theme import css_name
from transformer_core.laws.scaling import ParametricLaw

SIZES = (1e7, 1e8, 1e9, 1e10, 1e11, 1e12)
HEIGHT = 330  # pixels


def straight_line(law: ParametricLaw, marked: tuple[float, ...]) -> go.Figure:
    """A / N^alpha, which is straight, and E + A / N^alpha, which bends towards the floor E."""
    sizes = np.geomspace(SIZES[0], SIZES[-1], 60)
    term = [law.terms(n, np.inf)[1] for n in sizes]
    points = [law.terms(n, np.inf)[1] for n in marked]
    return go.Figure(
        data=[
            _line(sizes, [law.e + each for each in term], "ink", "E + A/N^α"),
            _line(sizes, term, "query", "A/N^α"),
            go.Scatter(
                x=marked,
                y=points,
                mode="markers+text",
                text=[number(each, 3) for each in points],
                textposition="top right",
                textfont={"color": css_name("query_text"), "size": 14},
                marker={"color": css_name("query"), "size": 9},
                hovertemplate="%{x:.3s} parameters: A/N^α = %{y:.3f} nats<extra></extra>",
            ),
        ],
        layout={
            "height": HEIGHT,
            **_axes(),
            "shapes": [_floor(law.e)],
            "annotations": [
                _name(law.e + term[-1], "E + A/N^α", "ink", 12),
                _name(law.e, f"floor E = {number(law.e, 3)}", "muted", -12),
                _name(term[-1], "A/N^α", "query_text", 14),
            ],
        },
    )


def _axes() -> dict[str, dict[str, object]]:
    sizes = ["10 M", "100 M", "1 B", "10 B", "100 B", "1 T"]
    x = {"title": {"text": "parameters N"}, "tickvals": SIZES, "ticktext": sizes}
    y = {"title": {"text": "nats per token"}, "tickvals": [0.03, 0.1, 0.3, 1, 3]}
    return {"xaxis": {"type": "log", **x}, "yaxis": {"type": "log", "range": [-1.55, 0.72], **y}}


def _line(sizes: np.ndarray, losses: list[float], role: str, name: str) -> go.Scatter:
    return go.Scatter(
        x=sizes,
        y=losses,
        mode="lines",
        line={"color": css_name(role), "width": 2.2},
        hovertemplate=f"{name} at %{{x:.3s}} parameters: %{{y:.3f}} nats<extra></extra>",
    )


def _floor(e: float) -> dict[str, object]:
    ends = {"xref": "paper", "x0": 0, "x1": 1, "y0": e, "y1": e}
    return {"type": "line", **ends, "line": {"color": css_name("muted"), "width": 1, "dash": "dot"}}


def _name(y: float, text: str, role: str, up: float) -> dict[str, object]:
    return {
        **{"x": 1, "xref": "paper", "xanchor": "right", "y": log10(y), "yshift": up},
        **{"text": text, "showarrow": False, "font": {"color": css_name(role), "size": 14}},
    }
