"""The curves of a recorded experiment: all that share both axes in one figure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from html import escape
from itertools import pairwise
from math import ceil, floor, log10
from textwrap import wrap
from typing import Any

import plotly.graph_objects as go

from figures.theme import css_name, mixed
from transformer_core.training.experiments.result import Series

Curves = tuple[Series, ...]

_COLOURS = ("query", "key", "value", "feed_forward", "residual", "negative", "attention")
_RAMP = ("query", "attention", "feed_forward", "negative", "key")
_DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
_SIZES = {"k": 1e3, "M": 1e6, "B": 1e9, "G": 1e9, "T": 1e12}
_SIZES |= {"thousand": 1e3, "million": 1e6, "billion": 1e9}
_NUMBER = re.compile(
    r"(\d[\d,]*(?:\.\d+)?(?:e[+-]?\d+)?)(?: ?(k|thousand|M|million|B|G|billion|T)\b)?"
)
_SPREAD = ("tokens", "training tokens", "parameters", "flop", "training flop", "compute")
WIDE = 1.5  # decades from which a logarithmic axis is considered
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
        power = floor(log10(abs(x)))
        return f"{x / 10**power:.3g}·10{str(power).translate(_RAISED)}"
    return f"{x:,.0f}" if x == round(x) else f"{x:.4g}" if abs(x) < 1e4 else f"{x:,.0f}"


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


# ------------------------------------------------------------------------------------------- axes


@dataclass(frozen=True)
class Axis:
    """Linear or logarithmic; a logarithmic one may show 0 at its left, behind a break."""

    label: str
    low: float
    high: float
    values: tuple[float, ...]  # different ones, in order
    log: bool = False
    zero: float | None = None  # the place at which 0 is drawn
    named: bool = False  # whether each value gets a tick of its own

    @classmethod
    def of(cls, label: str, numbers: Sequence[float], upright: bool = False) -> Axis:
        """The axis that suits the numbers; an `upright` one is for what was measured."""
        values = tuple(sorted(set(numbers)))
        above = values[1:] if values[0] == 0 and not upright else values
        if not (wide_range(label, above) if upright else spread_by_ratio(label, above)):
            return cls(
                label, values[0], values[-1], values, named=not upright and _few(values, values)
            )
        low, high = above[0], above[-1]
        place = low / (high / low) ** 0.16 if len(above) < len(values) else None
        named = not upright and _few(above, [log10(x) for x in above])
        return cls(label, place or low, high, above, True, place, named)

    def place(self, value: float) -> float:
        """Where a value is drawn."""
        return self.zero if self.zero is not None and value == 0 else value

    def share(self, value: float) -> float:
        """How far along the axis a value is drawn, from 0 to 1."""
        low, high, at = self.low, self.high, self.place(value)
        if self.log:
            low, high, at = log10(low), log10(high), log10(at)
        return (at - low) / (high - low) if high > low else 0.5

    def layout(self) -> dict[str, Any]:
        """For Plotly."""
        title = {"text": "<br>".join(map(escape, wrap(self.label, 44)))}
        if not self.log:
            return {"title": title} | ({"tickvals": list(self.values)} if self.named else {})
        low, high = log10(self.low), log10(self.high)
        edge, ticks = 0.04 * (high - low), self.ticks()
        start = [self.zero] if self.zero is not None else []
        return {
            "title": title,
            "type": "log",
            "range": [low - edge, high + edge],
            "tickvals": [*start, *ticks],
            "ticktext": ["0"] * len(start) + [_tick(x, ticks[-1] >= 1e12) for x in ticks],
        }

    def ticks(self) -> list[float]:
        """Powers of ten; where they are few, also what stands between them."""
        if self.named:
            return list(self.values)
        low, high = log10(self.values[0]), log10(self.values[-1])
        powers = list(range(floor(low), ceil(high) + 1))
        if high - low >= 2.5:
            step = ceil(len(powers) / 7)
            marks = [10.0**p for p in powers if p % step == 0]
        else:
            marks = [factor * 10.0**p for p in powers for factor in (1, 3)]
        return [x for x in marks if low - 0.1 <= log10(x) <= high + 0.1]

    def break_mark(self) -> list[dict[str, Any]]:
        """A dotted line between 0 and the first value of a logarithmic axis."""
        if self.zero is None:
            return []
        x = (self.zero * self.values[0]) ** 0.5
        line = {"color": css_name("muted"), "dash": "dot", "width": 1}
        across = {"x0": x, "x1": x, "yref": "paper", "y0": 0, "y1": 1}
        return [{"type": "line", "line": line, "opacity": 0.6, **across}]


def spread_by_ratio(label: str, values: Sequence[float]) -> bool:
    """Whether chosen values, in rising order, are spread by their ratios: 1, 2, 4, 8."""
    if len(values) < 3 or values[0] <= 0:
        return False
    logs = [log10(x) for x in values]
    steps = [b - a for a, b in pairwise(logs)]
    if len(values) > 3 and max(steps) - min(steps) < 0.01 * max(steps):
        return True
    middle, halfway = logs[len(logs) // 2], log10((values[0] + values[-1]) / 2)
    nearer = abs(middle - (logs[0] + logs[-1]) / 2) < abs(middle - halfway)
    return logs[-1] - logs[0] > WIDE and (nearer or label.lower().startswith(_SPREAD))


def wide_range(label: str, values: Sequence[float]) -> bool:
    """Whether measured values differ by orders of magnitude; shares must do so by more."""
    if values[0] <= 0:
        return False
    share = values[-1] <= 1 or "%" in label
    return log10(values[-1] / values[0]) > (2 * WIDE if share else WIDE)


def _few(values: Sequence[float], places: Sequence[float]) -> bool:
    """Whether each of the values is short enough and has the room to stand below the axis."""
    if not 1 < len(values) <= 9 or any(x != round(x) or abs(x) >= 10_000 for x in values):
        return False
    room = 0.06 * (places[-1] - places[0])
    return min(b - a for a, b in pairwise(places)) >= room


def _tick(x: float, large: bool) -> str:
    if x < 1e-2 or (large and x >= 1e5):
        power = floor(log10(x) + 1e-9)
        factor = round(x / 10**power)
        return (f"{factor}·" if factor > 1 else "") + f"10<sup>{power}</sup>"
    for size, unit in ((1e9, "B"), (1e6, "M"), (1e3, "k")):
        if x >= size:
            return f"{x / size:g}{unit}"
    return f"{x:g}"


# ------------------------------------------------------------------------------------------ styles


@dataclass(frozen=True)
class Style:
    """How a curve is told from the others: `share` of the way from one role's colour to another's.

    Plotly's own checks know no mixed colours, so a trace has the nearer one and says the mixed one
    beside it, for the browser.
    """

    first: str
    second: str = ""
    share: float = 0.0
    dash: str = "solid"

    @property
    def role(self) -> str:
        """The nearer one."""
        return self.second if self.share >= 0.5 else self.first

    @property
    def colour(self) -> str:
        """For a style sheet, and for `plot` in ui/drawing.js."""
        return mixed(self.first, self.second, self.share) if self.share else css_name(self.first)


def line_styles(names: Sequence[str]) -> list[Style]:
    """One for each curve.

    "induction" and "induction, by chance" get one colour, dashed the second time. Names that differ
    in one number get a ramp in its order, others a colour each, as long as there are some.
    """
    families = [name.split(", ")[0] for name in names]
    kinds = list(dict.fromkeys(families))
    if len(kinds) == 1 or not 1 < max(map(families.count, kinds)) <= len(_DASHES):
        return _colours(names)
    first = dict(zip(kinds, _colours(kinds), strict=True))
    again = [families[:i].count(family) for i, family in enumerate(families)]
    return [
        replace(first[family], dash=_DASHES[n]) if n else first[family]
        for family, n in zip(families, again, strict=True)
    ]


def _colours(names: Sequence[str]) -> list[Style]:
    ranks = _ranks(names)
    if ranks is not None:
        return [_ramp(rank / max(ranks)) for rank in ranks]
    n, m = len(_COLOURS), len(_DASHES)
    return [Style(_COLOURS[i % n], dash=_DASHES[i // n % m]) for i in range(len(names))]


def _ranks(names: Sequence[str]) -> list[int] | None:
    """The place of each name's number among them, where the names differ in nothing else."""
    if len(names) < 3 or len({_NUMBER.sub("#", name) for name in names}) > 1:
        return None
    columns = zip(*map(_NUMBER.findall, names), strict=True)
    varying = [column for column in columns if len(set(column)) > 1]
    if len(varying) != 1 or len(set(varying[0])) < len(names):
        return None
    values = [float(digits.replace(",", "")) * _SIZES.get(unit, 1) for digits, unit in varying[0]]
    order = sorted(range(len(values)), key=values.__getitem__)
    return [order.index(i) for i in range(len(values))]


def _ramp(share: float) -> Style:
    at = share * (len(_RAMP) - 1)
    i = min(int(at), len(_RAMP) - 2)
    return Style(_RAMP[i], _RAMP[i + 1], at - i)
