"""Two trainings side by side: with the future hidden and with the future in sight."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from figures.theme import css_name

SPAN = 10  # steps that a point of a smoothed curve averages


def loss_curves(
    masked: Sequence[float], unmasked: Sequence[float], uniform: float, steps: int
) -> go.Figure:
    """Training loss in nats per letter against the step, and the loss of a blind guess."""
    names = (("with the mask", masked, "attention"), ("without", unmasked, "negative"))
    curves = [
        go.Scatter(
            x=np.arange(1, len(smooth) + 1),
            y=smooth,
            mode="lines",
            name=name,
            line={"color": css_name(role), "width": 2.5},
            hovertemplate=f"{name}<br>step %{{x}}: %{{y:.2f}} nats<extra></extra>",
        )
        for name, losses, role in names
        if len(smooth := _smoothed(losses))
    ]
    labels = [
        {
            "x": curve.x[-1],
            "y": curve.y[-1],
            "text": f"<b>{curve.name}</b> {curve.y[-1]:.2f}",
            "xanchor": "right" if len(curve.x) > steps / 2 else "left",
            "yshift": -14 if role == "negative" and curve.y[-1] > 1 else 20,
            "showarrow": False,
            "font": {"color": css_name(role), "size": 13},
        }
        for curve, (_, _, role) in zip(curves, names, strict=False)
    ]
    guess = {
        "x": steps,
        "y": uniform,
        "text": f"a blind guess: {uniform:.2f}",
        "xanchor": "right",
        "yanchor": "bottom",
        "showarrow": False,
        "font": {"color": css_name("muted")},
    }
    return go.Figure(
        data=curves,
        layout={
            "annotations": [*labels, guess],
            "shapes": [
                {
                    "type": "line",
                    "x0": 0,
                    "x1": steps,
                    "y0": uniform,
                    "y1": uniform,
                    "line": {"color": css_name("muted"), "width": 1, "dash": "dot"},
                }
            ],
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
