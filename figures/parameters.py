"""Where the parameters of some models sit, one bar per model."""

from __future__ import annotations

from collections.abc import Mapping

import plotly.graph_objects as go

from figures.numbers import percent, short
from figures.theme import css_name
from transformer_core.laws.parameters import ParameterCount

PARTS = {
    "embedding": ("embedding", "residual"),
    "positions": ("positions", "key"),
    "attention": ("attention", "attention"),
    "feed_forward": ("MLP", "feed_forward"),
    "norms": ("norms", "muted"),
    "unembedding": ("unembedding", "residual"),
}
TICKS = (0, 25, 50, 75, 100)
LEAST = 0.002  # a smaller share cannot be seen and has no entry in the legend


def shares_figure(models: Mapping[str, ParameterCount]) -> go.Figure:
    """Shares of each part in percent, the first model on top; parts are named by the legend."""
    names = [_named(*each) for each in models.items()]
    return go.Figure(
        data=[_part(part, models) for part in PARTS],
        layout={
            "barmode": "stack",
            "bargap": 0.3,
            "height": 330,
            "uniformtext": {"minsize": 14, "mode": "hide"},
            "showlegend": True,
            "legend": {
                "orientation": "h",
                "traceorder": "normal",
                "x": 0,
                "y": 1.02,
                "yanchor": "bottom",
                "font": {"size": 14},
                "itemclick": False,
                "itemdoubleclick": False,
            },
            "margin": {"r": 26},  # room for the last tick
            "xaxis": {
                "range": [0, 100],
                "tickvals": TICKS,
                "ticktext": [f"{tick} %" for tick in TICKS],
                "title": {"text": "part of all parameters"},
            },
            "yaxis": {"categoryarray": names[::-1], "categoryorder": "array", "type": "category"},
        },
    )


def _part(part: str, models: Mapping[str, ParameterCount]) -> go.Bar:
    label, role = PARTS[part]
    counts = [getattr(count, part) for count in models.values()]
    shares = [n / count.total for n, count in zip(counts, models.values(), strict=True)]
    return go.Bar(
        name=label,
        showlegend=max(shares) >= LEAST,
        orientation="h",
        y=[_named(*each) for each in models.items()],
        x=[100 * share for share in shares],
        marker={
            "color": css_name(role),
            "line": {"color": css_name("page"), "width": 1.5},
            "pattern": {"shape": "/" if part == "unembedding" else "", "size": 6, "solidity": 0.15},
        },
        text=[percent(share) if share >= LEAST else "" for share in shares],
        textposition="inside",
        insidetextanchor="middle",
        textangle=0,
        textfont={"color": css_name("ink" if part == "unembedding" else "page"), "size": 14},
        customdata=[f"{n:,}" for n in counts],
        hovertemplate=f"{label}: %{{customdata}} parameters, %{{x:.2f}} %<extra></extra>",
    )


def _named(name: str, count: ParameterCount) -> str:
    return f"{name}<br>{short(count.total)}"
