"""The curves of a recorded experiment: all that share both axes in one figure."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from math import ceil

import plotly.graph_objects as go

from figures.axis import Axis
from figures.line_styles import Style, line_styles
from figures.theme import css_name
from transformer_core.records.result import Series

Curves = tuple[Series, ...]

MANY = 40  # points from which a curve has no markers


def curve_groups(series: Iterable[Series]) -> list[Curves]:
    """Curves that can share a figure, in the order in which they were recorded."""
    groups: dict[tuple[str, str], list[Series]] = {}
    for each in series:
        if each.x:
            groups.setdefault((each.x_label, each.y_label), []).append(each)
    return [tuple(group) for group in groups.values()]


def shown_name(name: str) -> str:
    """`scaling_ladder` as a person writes it."""
    return name.replace("_", " ").strip()


def amount(x: float) -> str:
    """A number to read: 81,920, 0.0352, 3.2·10¹⁵."""
    if x and not 1e-3 <= abs(x) < 1e10:
        digits, power = f"{x:.2e}".split("e")
        shown = f"{float(digits):g}·10{str(int(power)).translate(_RAISED)}"
    else:
        shown = f"{x:,.0f}" if x == round(x) or abs(x) >= 1e4 else f"{x:.4g}"
    return shown.replace("-", "−")


_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def curves_figure(curves: Curves) -> go.Figure:
    """A line for each curve, the one that ends highest first."""
    x_axis = Axis.of(curves[0].x_label, [x for each in curves for x in each.x])
    y_axis = Axis.of(curves[0].y_label, [y for each in curves for y in each.y], upright=True)
    styles = line_styles([each.name for each in curves])
    order = sorted(range(len(curves)), key=lambda i: -curves[i].y[-1])
    drawn = [_line(curves[i], styles[i], x_axis, len(curves)) for i in order]
    return go.Figure(
        data=drawn,
        layout={
            "xaxis": x_axis.layout(),
            "yaxis": y_axis.layout(),
            "shapes": x_axis.break_mark(),
            "showlegend": True,
            "margin": {"r": 16},
        },
    )


def _line(curve: Series, style: Style, x_axis: Axis, n_curves: int) -> go.Scatter:
    name, where = escape(shown_name(curve.name)), escape(curve.x_label)
    return go.Scatter(
        name=name,
        meta={"name": shown_name(curve.name), "colour": style.colour},
        x=[x_axis.place(x) for x in curve.x],
        y=list(curve.y),
        customdata=[amount(x) for x in curve.x],
        mode="lines" if len(curve.x) > MANY else "lines+markers",
        line={
            "color": css_name(style.role),
            "dash": style.dash,
            "width": 2.2 if n_curves <= 8 else 1.7,
        },
        marker={"color": css_name(style.role), "size": 6 if n_curves <= 8 else 4.5},
        hovertemplate=f"<b>{name}</b><br>{where}: %{{customdata}}<br>%{{y:.4~g}}<extra></extra>",
    )


def outline(curves: Curves, most: int = 32) -> list[dict[str, str]]:
    """The same curves very small: colour, and "x,y x,y" within 0 to 1, y downwards."""
    axes = (
        Axis.of(curves[0].x_label, [x for each in curves for x in each.x]),
        Axis.of(curves[0].y_label, [y for each in curves for y in each.y], upright=True),
    )
    styles = line_styles([each.name for each in curves])
    drawn = []
    for curve, style in zip(curves, styles, strict=True):
        step = ceil(len(curve.x) / most)
        places = [*range(0, len(curve.x) - 1, step), len(curve.x) - 1]
        points = [(axes[0].share(curve.x[i]), 1 - axes[1].share(curve.y[i])) for i in places]
        drawn.append(
            {"colour": style.colour, "points": " ".join(f"{x:.3f},{y:.3f}" for x, y in points)}
        )
    return drawn
