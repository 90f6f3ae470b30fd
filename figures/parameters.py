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
TEXT = {"key": "key_text"}  # roles that have a darker colour for small words
TICKS = (0, 25, 50, 75, 100)
HALF_BAR = 19  # pixels, at the height of ui/parameter_chart.py
INSIDE, ABOVE = 0.09, 0.005  # a smaller share has its words above its bar, the smallest has none


def shares_figure(models: Mapping[str, ParameterCount]) -> go.Figure:
    """Shares of each part in percent, the first model on top."""
    names = [_named(*each) for each in models.items()]
    return go.Figure(
        data=[_part(part, models) for part in PARTS],
        layout={
            "barmode": "stack",
            "bargap": 0.3,
            "height": 300,
            "uniformtext": {"minsize": 11, "mode": "hide"},
            "annotations": [note for each in models.items() for note in _small_parts(*each)],
            "margin": {"r": 26},  # room for the last tick
            "xaxis": {
                "range": [0, 100],
                "tickvals": TICKS,
                "ticktext": [f"{tick} %" for tick in TICKS],
                "title": {"text": "share of all parameters"},
            },
            "yaxis": {"categoryarray": names[::-1], "categoryorder": "array", "type": "category"},
        },
    )


def _part(part: str, models: Mapping[str, ParameterCount]) -> go.Bar:
    label, role = PARTS[part]
    counts = [getattr(count, part) for count in models.values()]
    shares = [n / count.total for n, count in zip(counts, models.values(), strict=True)]
    return go.Bar(
        orientation="h",
        y=[_named(*each) for each in models.items()],
        x=[100 * share for share in shares],
        marker={"color": css_name(role), "line": {"color": css_name("page"), "width": 1.5}},
        text=[f"{label} {percent(s)}" if s >= INSIDE else "" for s in shares],
        textposition="inside",
        insidetextanchor="middle",
        textangle=0,
        textfont={"color": css_name("page"), "size": 13},
        customdata=[f"{n:,}" for n in counts],
        hovertemplate=f"{label}: %{{customdata}} parameters, %{{x:.2f}} %<extra></extra>",
    )


def _small_parts(name: str, count: ParameterCount) -> list[dict[str, object]]:
    """Words above each part that is too small for words inside."""
    notes, left = [], 0.0
    for part, (label, role) in PARTS.items():
        share = getattr(count, part) / count.total
        right = left + share
        anchor, x = ("left", left) if left == 0 else ("center", (left + right) / 2)
        anchor, x = ("right", 1) if right > 0.999 else (anchor, x)
        left = right
        if ABOVE <= share < INSIDE:
            notes.append(
                {
                    "x": 100 * x,
                    "y": _named(name, count),
                    "text": f"{label} {percent(share)}",
                    "xanchor": anchor,
                    "yanchor": "bottom",
                    "yshift": HALF_BAR,
                    "showarrow": False,
                    "font": {"size": 11, "color": css_name(TEXT.get(role, role))},
                }
            )
    return notes


def _named(name: str, count: ParameterCount) -> str:
    return f"{name}<br>{short(count.total)}"
