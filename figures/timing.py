"""Measured time against the length of the text, and per token written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log10
from typing import Any

import plotly.graph_objects as go

from figures.theme import css_name
from transformer_core.lens.timing import BlockTime, DecodingTime

HEIGHT = 300  # pixels


@dataclass(frozen=True)
class Part:
    """One thing that was timed: at numbers of tokens `n`, in milliseconds."""

    name: str
    role: str
    n: Sequence[int]
    ms: Sequence[float]

    def measured(self, marker: float, hover: str) -> go.Scatter:
        """Points and a line through them."""
        return go.Scatter(
            x=self.n,
            y=self.ms,
            mode="lines+markers",
            line={"color": css_name(self.role), "width": 2},
            marker={"size": marker},
            hovertemplate=f"{self.name}, {hover} ms<extra></extra>",
        )

    def by_formula(self) -> go.Scatter:
        """A dotted line."""
        return go.Scatter(
            x=self.n,
            y=self.ms,
            mode="lines",
            line={"color": css_name(self.role), "width": 1.5, "dash": "dot"},
            hovertemplate=f"{self.name} by formula, %{{x}} tokens: %{{y:.3f}} ms<extra></extra>",
        )

    def label(self, y: float) -> dict[str, Any]:
        """The name at the right end."""
        return {
            "x": 1,
            "xref": "paper",
            "y": y,
            "text": self.name,
            "showarrow": False,
            "xanchor": "left",
            "xshift": 6,
            "font": {"color": css_name(self.role), "size": 14},
        }


def block_times(
    times: Sequence[BlockTime], linear_flops: float, attention_flops: float
) -> go.Figure:
    """Points measured here; lines of the formulas, both at the speed of the largest linear point.

    `linear_flops` is the arithmetic of one block per token, `attention_flops` per pair of tokens.
    """
    n = [each.n for each in times]
    cost = 1e3 * times[-1].linear / (linear_flops * times[-1].n)  # milliseconds for a FLOP
    parts = (
        Part("matrices", "feed_forward", n, [1e3 * each.linear for each in times]),
        Part("attention", "attention", n, [1e3 * each.attention for each in times]),
    )
    formulas = (
        Part("matrices", "feed_forward", n, [cost * linear_flops * x for x in n]),
        Part("attention", "attention", n, [cost * attention_flops * x * x for x in n]),
    )
    return go.Figure(
        data=[
            *(part.by_formula() for part in formulas),
            *(part.measured(8, "%{x} tokens: %{y:.3f}") for part in parts),
        ],
        layout={
            "height": HEIGHT,
            "xaxis": {"type": "log", "title": {"text": "tokens"}, "tickvals": n, "ticktext": n},
            "yaxis": {
                "type": "log",
                "title": {"text": "one block, milliseconds"},
                "dtick": 1,
            },
            "annotations": [part.label(log10(part.ms[-1])) for part in parts],
            "margin": {"r": 92},
        },
    )


def decoding_times(time: DecodingTime) -> go.Figure:
    """Milliseconds of each new token, with the cache and without."""
    n = [time.n_prompt + 1 + i for i in range(len(time.cached))]
    parts = (
        Part("without cache", "negative", n, [1e3 * each for each in time.uncached]),
        Part("with cache", "value", n, [1e3 * each for each in time.cached]),
    )
    return go.Figure(
        data=[part.measured(4, "after %{x} tokens: %{y:.2f}") for part in parts],
        layout={
            "height": HEIGHT,
            "xaxis": {"title": {"text": "tokens before the new one"}},
            "yaxis": {"title": {"text": "milliseconds"}, "rangemode": "tozero"},
            "annotations": [part.label(_middle(part.ms[-5:])) for part in parts],
            "margin": {"r": 112},
        },
    )


def _middle(values: Sequence[float]) -> float:
    return sorted(values)[len(values) // 2]
