"""Embedding matrices of several models: numbers to one scale, and their share of each model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from figures.numbers import percent
from figures.theme import css_name
from transformer_core.config import TransformerConfig
from transformer_core.laws.parameters import count_parameters


def embedding_sizes(configs: Mapping[str, TransformerConfig]) -> go.Figure:
    """Two sets of bars, one below the other; the first model stands on top, in the accent."""
    counts = [count_parameters(config) for config in configs.values()]
    sizes = [count.embedding for count in counts]
    parts = [count.embedding / count.total for count in counts]
    names = [
        f"<b>{name}</b><br>{config.vocab_size:,} × {config.d_model:,}"
        for name, config in configs.items()
    ]
    colours = [css_name("attention"), *[css_name("residual")] * (len(sizes) - 1)]
    numbers = [f"{millions(size)} · {gigabytes(4 * size)}" for size in sizes]
    shares = [percent(part) for part in parts]
    bars = [
        _bars(names, sizes, numbers, colours, ""),
        _bars([f"<b>{name}</b>" for name in configs], parts, shares, colours, "2"),
    ]
    return go.Figure(
        data=bars,
        layout={
            "xaxis": _axis("numbers in the matrix, to scale", 1.1 * max(sizes)),
            "xaxis2": _axis("share of all parameters", 1.1 * max(parts)) | {"anchor": "y2"},
            "yaxis": _names(0.5, 1.0),
            "yaxis2": _names(0.0, 0.38) | {"anchor": "x2"},
            "bargap": 0.3,
            "height": 400,
        },
    )


def _bars(
    names: list[str], values: Sequence[float], labels: list[str], colours: list[str], axis: str
) -> go.Bar:
    return go.Bar(
        x=values,
        y=names,
        text=labels,
        orientation="h",
        textposition="auto",
        constraintext="none",
        cliponaxis=False,
        marker={"color": colours},
        hovertemplate="%{text}<extra></extra>",
        xaxis=f"x{axis}",
        yaxis=f"y{axis}",
    )


def _names(low: float, high: float) -> dict[str, object]:
    return {"domain": (low, high), "autorange": "reversed", "showgrid": False}


def _axis(title: str, end: float) -> dict[str, object]:
    return {
        "title": {"text": title},
        "range": [0, end],
        "showticklabels": False,
        "showgrid": False,
        "zeroline": False,
    }


def millions(count: int) -> str:
    """0.79 M, 617.6 M."""
    return f"{count / 1e6:.{2 if count < 1e7 else 1}f} M"


def gigabytes(size: int) -> str:
    """3.15 MB, 2.47 GB: powers of 1,000."""
    return f"{size / 1e9:.2f} GB" if size >= 1e9 else f"{size / 1e6:.{2 if size < 1e7 else 0}f} MB"
