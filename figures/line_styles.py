"""Colours and dashes by which many curves are told apart, read from their names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from figures.theme import css_name, mixed

_COLOURS = ("query", "key", "value", "feed_forward", "residual", "negative", "attention")
_RAMP = ("query", "attention", "feed_forward", "negative", "key")
_DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
_SIZES = {"k": 1e3, "M": 1e6, "B": 1e9, "G": 1e9, "T": 1e12}
_SIZES |= {"thousand": 1e3, "million": 1e6, "billion": 1e9}
_NUMBER = re.compile(
    r"(\d[\d,]*(?:\.\d+)?(?:e[+-]?\d+)?)(?: ?(k|thousand|M|million|B|G|billion|T)\b)?"
)


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
        """For a style sheet, and for `plot` of ui/kit/plot.js."""
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
