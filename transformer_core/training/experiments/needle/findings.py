"""What follows from the needles: recall by distance beside what reach allows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import fmean

from transformer_core.laws.estimate import Estimate
from transformer_core.records.result import Series
from transformer_core.training.experiments.experiment import Findings
from transformer_core.training.experiments.needle.haystacks import N_VALUES
from transformer_core.training.experiments.needle.measurement import Measurement
from transformer_core.training.experiments.needle.setting import Setting
from transformer_core.training.experiments.spread import exactly, spread

CHANCE = 1 / N_VALUES
FOUND = "recall, share of right answers"
ALLOWED = "recall if all that can arrive is recalled, share"


def conclude(settings: Sequence[Setting], measured: Sequence[Measurement]) -> Findings:
    """Recall by distance, what reach allows, and recall in and out of reach."""
    by_pattern = {s.pattern: m for s, m in zip(settings, measured, strict=True)}
    asked = measured[0].distance.asked
    distances = [d for d in range(1, len(asked)) if asked[d]]
    ends = (distances[0], distances[-1])
    series = []
    for y_label, recall in ((FOUND, recalled), (ALLOWED, allowed)):
        for name, m in by_pattern.items():
            series.append(_series(name, y_label, distances, [recall(m, d) for d in distances]))
        series.append(_series("chance", y_label, ends, (CHANCE, CHANCE)))
    fitted: dict[str, Estimate] = {}
    for name, m in by_pattern.items():
        fitted |= {f"{name}: {of}": estimate for of, estimate in _shares(m)}
    return Findings(tuple(series), tokens=settings[0].tokens, fitted=fitted)


def recalled(m: Measurement, distance: int) -> float:
    """Share of right answers, mean over seeds."""
    return fmean(right[distance] for right in m.distance.right) / m.distance.asked[distance]


def allowed(m: Measurement, distance: int) -> float:
    """If what can arrive is recalled and the rest guessed, from the masks alone."""
    return m.theory[distance] + (1 - m.theory[distance]) * CHANCE


def _series(name: str, y_label: str, x: Sequence[int], y: Sequence[float]) -> Series:
    values = tuple(round(value, 4) for value in y)
    return Series(name, "tokens back to the pair", y_label, tuple(map(float, x)), values)


def _shares(m: Measurement) -> Iterator[tuple[str, Estimate]]:
    """What was attended to, what could arrive, and what was recalled of that and of the rest.

    Recall out of reach is left out where fewer than a hundredth of the questions are for such.
    """
    beyond, within = m.arriving.asked
    arriving = within / (within + beyond)
    yield "share of pairs attended to", exactly(m.pairs)
    yield "share of questions in reach", exactly(arriving)
    yield "recall in reach", spread([right[1] / within for right in m.arriving.right])
    yield "recall in reach without keys", exactly(m.values_alone)
    if arriving < 0.99:
        yield "recall out of reach", spread([right[0] / beyond for right in m.arriving.right])
