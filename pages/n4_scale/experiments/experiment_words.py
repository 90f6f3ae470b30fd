"""A recorded experiment in words: titles, dates, durations, intervals, what its settings share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from math import floor, log10
from typing import Any

from figures.experiment import amount, shown_name
from transformer_core.laws.estimate import Estimate

TOLD = ("What it shows", "What it does not show", "What larger studies find")


def title_of(name: str) -> str:
    """`scaling_ladder`: "Scaling ladder"."""
    shown = shown_name(name)
    return shown[:1].upper() + shown[1:]


def day(iso: str) -> str:
    """`2026-11-24`: "24 November 2026"; anything else as it is."""
    try:
        found = date.fromisoformat(iso)
    except ValueError:
        return iso
    return f"{found.day} {found:%B %Y}"


def duration(seconds: float) -> str:
    """As a person would say it: "48 s", "6 min 21 s", "2 h 5 min"."""
    if seconds < 59.5:
        return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"
    if seconds < 600:
        minutes, rest = divmod(round(seconds), 60)
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(round(seconds / 60), 60)
    return " ".join([f"{hours} h"] * (hours > 0) + [f"{minutes} min"] * (minutes > 0))


def value_and_interval(estimate: Estimate) -> tuple[str, str]:
    """Both with as many digits as the interval's width warrants; what is exact has no interval."""
    if estimate.low == estimate.high:
        return amount(estimate.value), ""
    width = abs(estimate.high - estimate.low)
    if max(map(abs, (estimate.value, estimate.low, estimate.high))) >= 1e6 or width < 1e-5:
        return amount(estimate.value), f"{amount(estimate.low)} to {amount(estimate.high)}"
    digits = max(0, 1 - floor(log10(width)))
    value, low, high = (
        f"{number:,.{digits}f}".replace("-", "−")
        for number in (estimate.value, estimate.low, estimate.high)
    )
    return value, f"{low} to {high}"


def told(remark: str) -> list[tuple[str, str]]:
    """A remark's paragraphs: the headline, and the three that follow it each with their title."""
    headline, *rest = remark.split("\n\n")
    titles = TOLD if len(rest) == len(TOLD) else [""] * len(rest)
    return [("", headline), *zip(titles, rest, strict=True)]


def in_words(value: Any) -> str:
    """A setting's or the data's value: no brackets, quotes or underscores."""
    if isinstance(value, bool) or value is None:
        return {True: "yes", False: "no", None: "none"}[value]
    if isinstance(value, float) or (isinstance(value, int) and abs(value) >= 10_000):
        return amount(value)
    if isinstance(value, list):
        return ", ".join(map(in_words, value)) or "none"
    if isinstance(value, dict):
        return ", ".join(
            f"{shown_name(str(name))} {in_words(each)}" for name, each in value.items()
        )
    return shown_name(str(value))


def flat(setting: Mapping[str, Any], within: str = "") -> dict[str, Any]:
    """Nested settings side by side: `{"model": {"d_ff": 8}}` has the entry `model.d_ff`."""
    found: dict[str, Any] = {}
    for name, value in setting.items():
        if isinstance(value, dict) and value:
            found |= flat(value, f"{within}{name}.")
        else:
            found[within + name] = value
    return found


def shared_and_varied(settings: Sequence[Any]) -> tuple[dict[str, str], dict[str, list[Any]]]:
    """What is equal in all settings, once; and a column for each that is not."""
    rows = [flat(each) if isinstance(each, dict) else {"setting": each} for each in settings]
    names = list(dict.fromkeys(name for row in rows for name in row))
    shared, varied = {}, {}
    for name in names:
        column = [row.get(name) for row in rows]
        if all(value == column[0] and name in row for value, row in zip(column, rows, strict=True)):
            shared[name] = in_words(column[0]).replace("`", "’")
        elif all(type(value) in (int, float) for value in column):
            varied[name] = column
        else:
            varied[name] = ["" if value is None else in_words(value) for value in column]
    return shared, varied
