"""Loss by position, within the trained length and beyond it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from figures.theme import css_name

# Role, name, the bin at which the name stands, and how far above or below the line, in nats.
_LINES = {
    "learned": ("key", "learned table, 256 rows", 5, 0.11),
    "plain": ("query", "RoPE as it is", 12, -0.2),
    "interpolated": ("negative", "p ÷ 2", 4, 0.08),
    "larger_base": ("value", "larger base", 12, 0.1),
    "yarn": ("attention", "YaRN", 13, -0.1),
}


def position_loss_figure(
    nats: Mapping[str, Sequence[float]], bin_size: int, trained: int
) -> go.Figure:
    """One line per way of placing positions, with its name; nats [bin]."""
    top = max(max(values) for values in nats.values())
    x_axis = {"title": {"text": "position"}, "range": [0, 2 * trained], "dtick": trained / 2}
    names = [_name(name, values, bin_size) for name, values in nats.items()]
    return go.Figure(
        data=[_line(name, values, bin_size) for name, values in nats.items()],
        layout={
            "xaxis": x_axis,
            "yaxis": {"title": {"text": "loss, nats per token"}, "range": [3.5, top + 0.15]},
            "shapes": [_end_of_training(trained)],
            "annotations": [*names, _name_of_end(trained)],
        },
    )


def _line(name: str, values: Sequence[float], bin_size: int) -> go.Scatter:
    role, text, *_ = _LINES[name]
    return go.Scatter(
        x=[bin_size * (i + 0.5) for i in range(len(values))],
        y=list(values),
        mode="lines",
        line={"color": css_name(role), "width": 2.4},
        hovertemplate=f"{text}<br>near position %{{x:.0f}}: %{{y:.2f}} nats<extra></extra>",
    )


def _end_of_training(trained: int) -> dict[str, object]:
    return {
        "type": "line",
        "x0": trained,
        "x1": trained,
        "yref": "paper",
        "y0": 0,
        "y1": 1,
        "line": {"color": css_name("muted"), "dash": "dot"},
    }


def _name_of_end(trained: int) -> dict[str, object]:
    return {
        "x": trained,
        "yref": "paper",
        "y": 1,
        "text": f" trained up to {trained}",
        "xanchor": "left",
        "yanchor": "top",
        "showarrow": False,
        "font": {"color": css_name("muted")},
    }


def _name(name: str, values: Sequence[float], bin_size: int) -> dict[str, object]:
    role, text, at, above = _LINES[name]
    return {
        "x": bin_size * (at + 0.5),
        "y": values[at] + above,
        "text": text,
        "showarrow": False,
        "font": {"color": css_name(role)},
    }
