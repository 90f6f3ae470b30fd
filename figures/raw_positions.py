"""What a norm leaves of a token to which its position was added, position by position."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from figures.theme import css_name

# Role, name, where along the line the name stands, and how far above or below it.
_LINES = {
    "every number": ("negative", "p in every number", 0.8, 0.055),
    "one number": ("key", "p in one number", 0.3, 0.13),
    "share of the length": ("value", "p ÷ length in one number", 0.8, -0.12),
    "learned table": ("attention", "the trained table", 0.18, -0.12),
}


def surviving_figure(shares: Mapping[str, Sequence[float]]) -> go.Figure:
    """One line per way of adding, with its name; shares [position - 1], 1 = all of the token."""
    return go.Figure(
        data=[
            go.Scatter(
                x=list(range(1, len(values) + 1)),
                y=list(values),
                name=_LINES[kind][1],
                showlegend=False,
                mode="lines",
                line={"color": css_name(_LINES[kind][0]), "width": 2.4},
                hovertemplate=f"{_LINES[kind][1]}<br>position %{{x}}: %{{y:.1%}}<extra></extra>",
            )
            for kind, values in shares.items()
        ],
        layout={
            "height": 400,
            "xaxis": {"title": {"text": "position p"}},
            "yaxis": {
                "title": {"text": "size of the token after the norm"},
                "tickformat": ".0%",
                "range": [0, 1.12],
            },
            "annotations": [_name(kind, values) for kind, values in shares.items()],
        },
    )


def _name(kind: str, values: Sequence[float]) -> dict[str, object]:
    role, text, along, above = _LINES[kind]
    at = round(along * (len(values) - 1))
    return {
        "x": at + 1,
        "y": values[at] + above,
        "text": text,
        "showarrow": False,
        "font": {"color": css_name(role)},
    }
