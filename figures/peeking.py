"""Two trainings side by side: with the future hidden and with the future in sight."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from figures.numbers import number
from figures.theme import css_name

SPAN = 10  # steps that a point of a smoothed curve averages


def loss_curves(
    masked: Sequence[float], unmasked: Sequence[float], uniform: float, steps: int
) -> go.Figure:
    """Training loss in nats per letter against the step, and the loss of a blind guess."""
    trainings = (("with the mask", masked, "attention"), ("without", unmasked, "negative"))
    curves = [
        (name, smooth, role) for name, losses, role in trainings if len(smooth := _smoothed(losses))
    ]
    return go.Figure(
        data=[_curve(*each) for each in curves],
        layout={
            "annotations": [*(_label(*each, steps) for each in curves), _guess(uniform, steps)],
            "shapes": [_guess_line(uniform, steps)],
            "xaxis": {"title": {"text": "training step"}, "range": [0, steps]},
            "yaxis": {
                "title": {"text": "training loss, nats per letter"},
                "range": [0, uniform * 1.15],
            },
            "height": 300,
        },
    )


def _smoothed(losses: Sequence[float]) -> np.ndarray:
    """The mean of the last SPAN steps at each step."""
    sums = np.concatenate(([0.0], np.cumsum(losses)))
    ends = np.arange(1, len(losses) + 1)
    starts = np.maximum(ends - SPAN, 0)
    return (sums[ends] - sums[starts]) / (ends - starts)


def _curve(name: str, losses: np.ndarray, role: str) -> go.Scatter:
    return go.Scatter(
        x=np.arange(1, len(losses) + 1),
        y=losses,
        mode="lines",
        name=name,
        line={"color": css_name(role), "width": 2.5},
        hovertemplate=f"{name}<br>step %{{x}}: %{{y:.2f}} nats<extra></extra>",
    )


def _label(name: str, losses: np.ndarray, role: str, steps: int) -> dict[str, object]:
    """A curve's name at its end."""
    return {
        "x": len(losses),
        "y": losses[-1],
        "text": f"<b>{name}</b> {number(losses[-1])}",
        "xanchor": "right" if len(losses) > steps / 2 else "left",
        "yshift": -14 if role == "negative" and losses[-1] > 1 else 20,
        "showarrow": False,
        "font": {"color": css_name(role), "size": 14},
    }


def _guess(uniform: float, steps: int) -> dict[str, object]:
    return {
        "x": steps,
        "y": uniform,
        "text": f"a uniform guess: {number(uniform)}",
        "xanchor": "right",
        "yanchor": "bottom",
        "showarrow": False,
        "font": {"color": css_name("muted")},
    }


def _guess_line(uniform: float, steps: int) -> dict[str, object]:
    return {
        "type": "line",
        "x0": 0,
        "x1": steps,
        "y0": uniform,
        "y1": uniform,
        "line": {"color": css_name("muted"), "width": 1, "dash": "dot"},
    }
