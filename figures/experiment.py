"""The curves of a recorded experiment: all that share both axes in one figure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from math import ceil
from statistics import fmean

import plotly.graph_objects as go

from figures.axis import Axis
from figures.line_styles import Style, record_styles
from figures.numbers import raised
from figures.theme import css_name
from transformer_core.records.result import Series

Curves = tuple[Series, ...]

MANY = 40  # points from which a curve has no markers
NAME_STEP = 9  # pixels by which names at the ends of curves give way to each other


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
        shown = f"{float(digits):g}·10{raised(int(power))}"
    else:
        shown = f"{x:,.0f}" if x == round(x) or abs(x) >= 1e4 else f"{x:.4g}"
    return shown.replace("-", "−")


def styles_of(groups: Iterable[Curves]) -> dict[str, Style]:
    """A style for each name, the same in all figures of a record."""
    return record_styles([[curve.name for curve in group] for group in groups])


def are_repeats(curve: Series) -> bool:
    """Whether all points have one x: repeats of one measurement, with other seeds."""
    return len(curve.x) > 1 and len(set(curve.x)) == 1


def ending(curve: Series) -> float:
    """The last value, or the mean of repeats."""
    return fmean(curve.y) if are_repeats(curve) else curve.y[-1]


def curves_figure(curves: Curves, styles: Mapping[str, Style] | None = None) -> go.Figure:
    """A line for each curve, the one that ends highest first."""
    x_axis = Axis.of(curves[0].x_label, [x for each in curves for x in each.x])
    y_axis = Axis.of(curves[0].y_label, [y for each in curves for y in each.y], upright=True)
    styles = styles or styles_of([curves])
    order = sorted(curves, key=lambda curve: -ending(curve))
    drawn = [_line(curve, styles[curve.name], x_axis, len(curves)) for curve in order]
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


def named_curves_figure(curves: Curves, styles: Mapping[str, Style], room: int) -> go.Figure:
    """The same, with each name at its curve's end, within `room` pixels, in place of a legend."""
    figure = curves_figure(curves, styles)
    order = sorted(curves, key=ending)
    figure.layout.showlegend = False
    figure.layout.margin.r = room
    figure.layout.annotations = [
        {
            **{"x": 1, "xref": "paper", "y": ending(curve), "xanchor": "left", "xshift": 6},
            "yshift": NAME_STEP * (i - len(order) // 2),
            "text": escape(shown_name(curve.name)),
            "showarrow": False,
            "font": {"color": css_name(styles[curve.name].role), "size": 14},
        }
        for i, curve in enumerate(order)
    ]
    return figure


def _line(curve: Series, style: Style, x_axis: Axis, n_curves: int) -> go.Scatter:
    name, where = escape(shown_name(curve.name)), escape(curve.x_label)
    repeats = are_repeats(curve)
    return go.Scatter(
        name=name,
        meta={
            "name": shown_name(curve.name),
            "colour": style.colour,
            "ending": ending(curve),
        },
        x=[x_axis.place(x) for x in curve.x],
        y=list(curve.y),
        customdata=[amount(x) for x in curve.x],
        mode="lines" if len(curve.x) > MANY else "markers" if repeats else "lines+markers",
        line={
            "color": css_name(style.role),
            "dash": style.dash,
            "width": 2.2 if n_curves <= 8 else 1.7,
        },
        marker={"color": css_name(style.role), "size": 6 if n_curves <= 8 else 4.5},
        hovertemplate=f"<b>{name}</b><br>{where}: %{{customdata}}<br>%{{y:.4~g}}<extra></extra>",
    )


def outline(
    curves: Curves, styles: Mapping[str, Style] | None = None, most: int = 32
) -> list[dict[str, str]]:
    """The same curves very small: colour, and "x,y x,y" within 0 to 1, y downwards."""
    axes = (
        Axis.of(curves[0].x_label, [x for each in curves for x in each.x]),
        Axis.of(curves[0].y_label, [y for each in curves for y in each.y], upright=True),
    )
    styles = styles or styles_of([curves])
    drawn = []
    for curve in curves:
        step = ceil(len(curve.x) / most)
        places = [*range(0, len(curve.x) - 1, step), len(curve.x) - 1]
        points = [(axes[0].share(curve.x[i]), 1 - axes[1].share(curve.y[i])) for i in places]
        drawn.append(
            {
                "colour": styles[curve.name].colour,
                "points": " ".join(f"{x:.3f},{y:.3f}" for x, y in points),
            }
        )
    return drawn
