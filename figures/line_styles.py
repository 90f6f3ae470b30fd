"""Colours and dashes by which many curves are told apart, read from their names."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace

from figures.theme import css_name, mixed

_COLOURS = ("query", "key", "value", "feed_forward", "residual", "negative", "attention", "ink")
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
    """One for each curve of a figure."""
    styles = record_styles([names])
    return [styles[name] for name in names]


def record_styles(figures: Sequence[Sequence[str]]) -> dict[str, Style]:
    """One for each name, the same in all figures of a record.

    "induction" and "induction, uniform attention" get one colour, dashed the second time. Families
    whose names differ in one number get a ramp in its order, others a colour each, as long as
    there are some.
    """
    crowded = {_head(names[0]) for names in figures if _is_one_crowd(names)}
    families = [[_family(name, crowded) for name in names] for names in figures]
    colours = _family_colours(families)
    styles: dict[str, Style] = {}
    for names, kinds in zip(figures, families, strict=True):
        pairs = list(zip(names, kinds, strict=True))
        taken = [(kind, styles[name].dash) for name, kind in pairs if name in styles]
        for name, kind in pairs:
            if name not in styles:
                styles[name] = _variant(colours[kind], [dash for of, dash in taken if of == kind])
                taken.append((kind, styles[name].dash))
    return styles


def _variant(colour: Style, taken: Sequence[str]) -> Style:
    """The family's own line if it is free in this figure, else the next dash."""
    dashes = [colour.dash, *(dash for dash in _DASHES if dash != colour.dash)]
    free = [dash for dash in dashes if dash not in taken]
    return replace(colour, dash=free[0] if free else dashes[len(taken) % len(dashes)])


def _head(name: str) -> str:
    return re.split(", |: ", name)[0]


def _is_one_crowd(names: Sequence[str]) -> bool:
    return len(names) > len(_DASHES) and len({_head(name) for name in names}) == 1


def _family(name: str, crowded: Set[str]) -> str:
    """What stands before the first comma; before the last where so many begin alike."""
    head = _head(name)
    return (name.rpartition(", ")[0] or name) if head in crowded else head


def _family_colours(figures: Sequence[Sequence[str]]) -> dict[str, Style]:
    found: dict[str, Style] = {}
    for families in figures:
        kinds = list(dict.fromkeys(families))
        ranks = _ranks(kinds)
        for kind, rank in zip(kinds, ranks or (), strict=False):
            found.setdefault(kind, _ramp(rank / (len(kinds) - 1)))
    rest = dict.fromkeys(kind for families in figures for kind in families if kind not in found)
    n, m = len(_COLOURS), len(_DASHES)
    for i, kind in enumerate(rest):
        found[kind] = Style(_COLOURS[i % n], dash=_DASHES[i // n % m])
    return found


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
