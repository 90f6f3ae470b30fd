"""Loss by position, time by length, gradient by distance, and the learning rates tried."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import fmean

from transformer_core.laws.estimate import Estimate
from transformer_core.laws.power_law import fit_power_law
from transformer_core.records.result import Series
from transformer_core.training.experiments.experiment import Findings
from transformer_core.training.experiments.recurrence.measurement import (
    DISTANCES,
    POSITIONS,
    Bins,
    Timed,
    Trained,
)
from transformer_core.training.experiments.recurrence.setting import CONTEXT, Timing, Training
from transformer_core.training.experiments.spread import spread

LONG = 256  # from so many tokens on, the exponent of a step's time is fitted
NATS, MS = "loss, nats per token", "forward and backward, milliseconds"
SHARE = "gradient, share of that at 0 steps back"


def conclude(
    settings: Sequence[Training | Timing], measured: Sequence[Trained | Timed]
) -> Findings:
    """Curves of all; the loss over the trained length and the growth of time in numbers."""
    timing, timed = settings[-1], measured[-1]
    assert isinstance(timing, Timing)
    assert isinstance(timed, Timed)
    trained = {
        setting.model: m
        for setting, m in zip(settings, measured, strict=True)
        if isinstance(setting, Training) and isinstance(m, Trained)
    }
    series = (
        *_by_position(trained),
        *(
            Series(f"{name}: time", "length, tokens", MS, tuple(timing.lengths), ms)
            for name, ms in timed.ms.items()
        ),
        *_by_distance(trained),
        *_by_rate(trained),
    )
    losses = {
        f"loss, {name}": spread([over(bins, (0, CONTEXT)) for bins in m.losses])
        for name, m in trained.items()
    }
    exponents = {
        f"exponent of time, {name}": exponent(timing.lengths, ms) for name, ms in timed.ms.items()
    }
    tokens = max(setting.tokens for setting in settings if isinstance(setting, Training))
    return Findings(series, tokens, losses | exponents)


def _by_position(trained: dict[str, Trained]) -> Iterator[Series]:
    """Mean, lowest and highest of the seeds; x is the middle of a bin, counted from 1."""
    x = tuple((a + 1 + b) / 2 for a, b in pairwise(POSITIONS))
    for name, m in trained.items():
        bins = list(zip(*m.losses, strict=True))
        for of, f in (("", fmean), (", lowest seed", min), (", highest seed", max)):
            y = tuple(round(f(seeds), 4) for seeds in bins)
            yield Series(name + of, "tokens of context", NATS, x, y)


def _by_distance(trained: dict[str, Trained]) -> Iterator[Series]:
    away = tuple((a + b - 1) / 2 for a, b in pairwise(DISTANCES))
    for name, m in trained.items():
        for when, share in (("at initialisation", m.at_start), ("trained", m.after)):
            yield Series(f"{name}, {when}", "steps back", SHARE, away, share)


def _by_rate(trained: dict[str, Trained]) -> Iterator[Series]:
    for name, m in trained.items():
        tried = {float(rate): loss for rate, loss in m.tuned.tried.items() if loss is not None}
        x, y = tuple(tried), tuple(tried.values())
        yield Series(f"{name}: tried", "learning rate", f"{NATS}, last fifth of a training", x, y)


def over(seed: Bins, stretch: tuple[int, int]) -> float:
    """A seed's mean loss over the positions from stretch[0] to stretch[1] - 1."""
    first, last = (POSITIONS.index(edge) for edge in stretch)
    widths = [b - a for a, b in pairwise(POSITIONS[first : last + 1])]
    bins = zip(widths, seed[first:last], strict=True)
    return sum(width * loss for width, loss in bins) / sum(widths)


def exponent(lengths: Sequence[int], ms: Sequence[float]) -> Estimate:
    """Of time = c length^exponent, over the long lengths, or over all where those are too few."""
    first = lengths.index(LONG) if LONG in lengths[:-2] else 0
    alpha = fit_power_law(lengths[first:], ms[first:]).exponent
    return Estimate(*(round(-end, 4) for end in (alpha.value, alpha.high, alpha.low)))
