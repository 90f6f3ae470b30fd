"""An axis that suits its numbers: linear, or logarithmic with a place for 0."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from math import ceil, floor, log10
from statistics import median
from textwrap import wrap
from typing import Any

from figures.theme import css_name

_SPREAD = ("tokens", "training tokens", "parameters", "flop", "training flop", "compute")
SMALLEST = 1e-99  # what is smaller has no place on a logarithmic axis
WIDE = 1.5  # decades from which a logarithmic axis is considered


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
            if not self.named:
                return {"title": title}
            return {"title": title, "tickvals": self.ticks(), "ticktext": self._tick_texts()}
        low, high = log10(self.low), log10(self.high)
        edge = 0.04 * (high - low)
        start = [self.zero] if self.zero is not None else []
        return {
            "title": title,
            "type": "log",
            "range": [low - edge, high + edge],
            "tickvals": [*start, *self.ticks()],
            "ticktext": ["0"] * len(start) + self._tick_texts(),
        }

    def _tick_texts(self) -> list[str]:
        ticks = self.ticks()
        return [f"{x:,g}" if self.named else _tick(x, ticks[-1] >= 1e12) for x in ticks]

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
    if len(values) < 3 or values[0] < SMALLEST:
        return False
    logs = [log10(x) for x in values]
    steps = [b - a for a, b in pairwise(logs)]
    if len(values) > 3 and max(steps) - min(steps) < 0.01 * max(steps):
        return True
    middle, halfway = median(logs), log10((values[0] + values[-1]) / 2)
    nearer = abs(middle - (logs[0] + logs[-1]) / 2) < abs(middle - halfway)
    return logs[-1] - logs[0] > WIDE and (nearer or label.lower().startswith(_SPREAD))


def wide_range(label: str, values: Sequence[float]) -> bool:
    """Whether measured values differ by orders of magnitude; shares must do so by more."""
    if values[0] < SMALLEST:
        return False
    share = values[-1] <= 1 or "%" in label
    return log10(values[-1] / values[0]) > (2 * WIDE if share else WIDE)


def _few(values: Sequence[float], places: Sequence[float]) -> bool:
    """Whether each of the values is short enough and has the room to stand below the axis."""
    if not 1 < len(values) <= 9 or any(len(f"{x:.9g}") > 4 for x in values):
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
