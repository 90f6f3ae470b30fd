"""Embedding matrices of several models: numbers to one scale, and their share of each model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from figures.theme import css_name
from transformer_core.config import TransformerConfig
from transformer_core.laws.parameters import count_parameters


def embedding_sizes(configs: Mapping[str, TransformerConfig]) -> go.Figure:
    """Two rows of bars side by side; the first of the models stands on top, in the accent."""
    counts = [count_parameters(config) for config in configs.values()]
    sizes = [count.embedding for count in counts]
    parts = [count.embedding / count.total for count in counts]
    names = [
        f"<b>{name}</b><br>{config.vocab_size:,} × {config.d_model:,}"
        for name, config in configs.items()
    ]
    colours = [css_name("attention"), *[css_name("residual")] * (len(sizes) - 1)]
    numbers = [f"{millions(size)} · {gigabytes(4 * size)}" for size in sizes]
    shares = [f"{100 * part:.{1 if part >= 0.01 else 2}f} %" for part in parts]
    bars = [
        _bars(names, sizes, numbers, colours, "x"),
        _bars(names, parts, shares, colours, "x2"),
    ]
    return go.Figure(
        data=bars,
        layout={
            "xaxis": _axis("numbers in the matrix, to scale", (0.0, 0.56), 1.45 * max(sizes)),
            "xaxis2": _axis("share of all parameters", (0.64, 1.0), 1.25 * max(parts)),
            "yaxis": {"autorange": "reversed", "showgrid": False},
            "bargap": 0.45,
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
        textposition="outside",
        cliponaxis=False,
        marker={"color": colours},
        hovertemplate="%{text}<extra></extra>",
        xaxis=axis,
    )


def _axis(title: str, domain: tuple[float, float], end: float) -> dict[str, object]:
    return {
        "title": {"text": title},
        "domain": domain,
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
