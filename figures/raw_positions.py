"""What a norm leaves of a token to which its position was added, position by position."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from figures.theme import css_name

_ROLES = {
    "every number": "negative",
    "one number": "key",
    "share of the length": "value",
    "learned table": "attention",
}
_LABELS = {
    "every number": "p in every number",
    "one number": "p in one number",
    "share of the length": "p ÷ length in one number",
    "learned table": "the trained table",
}


def surviving_figure(shares: Mapping[str, Sequence[float]]) -> go.Figure:
    """One line per way of adding, named at its end; shares [position], 1 = all of the token."""
    n = max(len(values) for values in shares.values())
    return go.Figure(
        data=[
            go.Scatter(
                x=list(range(len(values))),
                y=list(values),
                mode="lines",
                line={"color": css_name(_ROLES[kind]), "width": 2.4},
                hovertemplate=f"{_LABELS[kind]}<br>position %{{x}}: %{{y:.1%}}<extra></extra>",
            )
            for kind, values in shares.items()
        ],
        layout={
            "xaxis": {"title": {"text": "position p"}, "range": [0, n - 1]},
            "yaxis": {
                "title": {"text": "size of the token after the norm"},
                "tickformat": ".0%",
                "range": [0, 1.12],
            },
            "annotations": _names(shares, n),
        },
    )


def _names(shares: Mapping[str, Sequence[float]], n: int) -> list[dict[str, object]]:
    """Direct labels inside the right edge, those of near lines moved apart."""
    order = sorted(shares, key=lambda kind: shares[kind][-1])
    heights: list[float] = []
    for kind in order:
        wanted = shares[kind][-1] + 0.045
        heights.append(max(wanted, heights[-1] + 0.075) if heights else wanted)
    return [
        {
            "x": n - 1,
            "y": height,
            "text": _LABELS[kind],
            "xanchor": "right",
            "showarrow": False,
            "font": {"color": css_name(_ROLES[kind])},
        }
        for kind, height in zip(order, heights, strict=True)
    ]
