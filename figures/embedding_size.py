"""Embedding matrices of several models: numbers to one scale, and their share of each model."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from figures.theme import css_name
from transformer_core.laws.embedding_size import EmbeddingSize


def embedding_sizes(sizes: Sequence[EmbeddingSize]) -> go.Figure:
    """Two rows of bars side by side; the first of the sizes stands on top, in the accent."""
    names = [f"<b>{size.name}</b><br>{size.vocab_size:,} × {size.d_model:,}" for size in sizes]
    colours = [css_name("attention"), *[css_name("residual")] * (len(sizes) - 1)]
    numbers = [f"{millions(size.parameters)} · {gigabytes(size.float32_bytes)}" for size in sizes]
    shares = [f"{100 * size.share:.{1 if size.share >= 0.01 else 2}f} %" for size in sizes]
    bars = [
        _bars(names, [size.parameters for size in sizes], numbers, colours, "x"),
        _bars(names, [size.share for size in sizes], shares, colours, "x2"),
    ]
    largest = max(size.parameters for size in sizes)
    widest = max(size.share for size in sizes)
    return go.Figure(
        data=bars,
        layout={
            "xaxis": _axis("numbers in the matrix, to scale", (0.0, 0.56), 1.45 * largest),
            "xaxis2": _axis("share of all parameters", (0.64, 1.0), 1.25 * widest),
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
