"""Measured time against the length of the text, and per token written."""

from __future__ import annotations

from collections.abc import Sequence
from math import log10

import plotly.graph_objects as go

from figures.theme import css_name
from transformer_core.lens.timing import BlockTime, DecodingTime


def block_times(
    times: Sequence[BlockTime], linear_flops: float, attention_flops: float
) -> go.Figure:
    """Points measured here; lines of the formulas, both at the speed of the largest linear point.

    `linear_flops` is the arithmetic of one block per token, `attention_flops` per pair of tokens.
    """
    n = [each.n for each in times]
    speed = linear_flops * times[-1].n / times[-1].linear
    parts = (
        ("matrices", "feed_forward", [t.linear for t in times], [linear_flops * x for x in n]),
        (
            "attention",
            "attention",
            [t.attention for t in times],
            [attention_flops * x * x for x in n],
        ),
    )
    points = [
        go.Scatter(
            x=n,
            y=[1e3 * s for s in seconds],
            mode="markers+lines",
            line={"color": css_name(role), "width": 2},
            marker={"size": 8},
            hovertemplate=f"{name}, %{{x}} tokens: %{{y:.3f}} ms<extra></extra>",
        )
        for name, role, seconds, _ in parts
    ]
    lines = [
        go.Scatter(
            x=n,
            y=[1e3 * f / speed for f in flops],
            mode="lines",
            line={"color": css_name(role), "width": 1.5, "dash": "dot"},
            hovertemplate=f"{name} by formula, %{{x}} tokens: %{{y:.3f}} ms<extra></extra>",
        )
        for name, role, _, flops in parts
    ]
    labels = [
        {
            "x": 1,
            "xref": "paper",
            "y": log10(1e3 * seconds[-1]),
            "text": name,
            "showarrow": False,
            "xanchor": "left",
            "xshift": 6,
            "font": {"color": css_name(role), "size": 12.5},
        }
        for name, role, seconds, _ in parts
    ]
    return go.Figure(
        data=[*lines, *points],
        layout={
            "xaxis": {"type": "log", "title": {"text": "tokens"}, "tickvals": n, "ticktext": n},
            "yaxis": {
                "type": "log",
                "title": {"text": "one block, milliseconds"},
                "dtick": 1,
            },
            "annotations": labels,
            "margin": {"r": 84},
        },
    )


def decoding_times(time: DecodingTime) -> go.Figure:
    """Milliseconds of each new token, with the cache and without."""
    first = time.n_prompt + 1
    series = (
        ("without cache", "negative", time.uncached),
        ("with cache", "value", time.cached),
    )
    lines = [
        go.Scatter(
            x=[first + i for i in range(len(seconds))],
            y=[1e3 * s for s in seconds],
            mode="lines+markers",
            line={"color": css_name(role), "width": 2},
            marker={"size": 4},
            hovertemplate=f"{name}, after %{{x}} tokens: %{{y:.2f}} ms<extra></extra>",
        )
        for name, role, seconds in series
    ]
    labels = [
        {
            "x": 1,
            "xref": "paper",
            "y": 1e3 * sorted(seconds[-5:])[len(seconds[-5:]) // 2],
            "text": name,
            "showarrow": False,
            "xanchor": "left",
            "xshift": 6,
            "font": {"color": css_name(role), "size": 12.5},
        }
        for name, role, seconds in series
    ]
    return go.Figure(
        data=lines,
        layout={
            "xaxis": {"title": {"text": "tokens before the new one"}},
            "yaxis": {"title": {"text": "milliseconds"}, "rangemode": "tozero"},
            "annotations": labels,
            "margin": {"r": 104},
        },
    )
