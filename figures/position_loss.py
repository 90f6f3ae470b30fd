"""Loss by position, within the trained length and beyond it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from figures.theme import css_name

_LINES = {
    "learned": ("key", "learned table: ends here", "top right"),
    "plain": ("query", "RoPE as it is", "top left"),
    "interpolated": ("negative", "positions ÷ 2", "bottom left"),
    "larger_base": ("value", "larger base", "bottom left"),
}


def position_loss_figure(
    nats: Mapping[str, Sequence[float]], bin_size: int, trained: int
) -> go.Figure:
    """One line per way of placing positions, named at its end; nats [bin]."""
    top = max(max(values) for values in nats.values())
    return go.Figure(
        data=[
            go.Scatter(
                x=[bin_size * (i + 0.5) for i in range(len(values))],
                y=list(values),
                mode="lines+text",
                text=[""] * (len(values) - 1) + [_LINES[name][1]],
                textposition=_LINES[name][2],
                textfont={"color": css_name(_LINES[name][0]), "size": 12.5},
                line={"color": css_name(_LINES[name][0]), "width": 2.4},
                hovertemplate=f"{_LINES[name][1]}<br>near position %{{x:.0f}}: "
                "%{y:.2f} nats<extra></extra>",
            )
            for name, values in nats.items()
        ],
        layout={
            "xaxis": {"title": {"text": "position"}},
            "yaxis": {"title": {"text": "loss, nats per token"}, "range": [3.5, top + 0.15]},
            "shapes": [
                {
                    "type": "line",
                    "x0": trained,
                    "x1": trained,
                    "yref": "paper",
                    "y0": 0,
                    "y1": 1,
                    "line": {"color": css_name("muted"), "dash": "dot"},
                }
            ],
            "annotations": [
                {
                    "x": trained,
                    "yref": "paper",
                    "y": 1,
                    "text": f" trained up to {trained} tokens",
                    "xanchor": "left",
                    "yanchor": "top",
                    "showarrow": False,
                    "font": {"color": css_name("muted")},
                }
            ],
        },
    )
