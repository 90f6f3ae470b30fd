"""The best rate's runs with and without a warm-up, and without at the best rate with one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from statistics import fmean

from torch import Tensor

from transformer_core.training.experiments.depth_and_norm.deep_stacks import gradient_norms
from transformer_core.training.experiments.depth_and_norm.runs import (
    Curve,
    StackTrainings,
    frequencies_loss,
    significant,
)
from transformer_core.training.experiments.depth_and_norm.setting import Setting, make
from transformer_core.training.experiments.experiment import Place
from transformer_core.training.experiments.text import held_out_windows

SAME = "no warm-up, same rate"


@dataclass(frozen=True)
class Line:
    """A run of the first seed at one rate, and the last losses of all seeds."""

    rate: float
    curve: Curve
    last: tuple[float, ...]

    @property
    def loss(self) -> float:
        """At the end, mean over the seeds."""
        return fmean(self.last)


@dataclass(frozen=True)
class Outcome:
    """Of a whole run at one rate that was tried."""

    loss: float
    diverged: int | None


@dataclass(frozen=True)
class Measurement:
    """Of one design at one depth: a line for each way to warm up, and all rates that were tried.

    start: gradients by layer. frequencies: the loss of one who knows how often each token comes.
    """

    lines: dict[str, Line]
    rates: dict[str, dict[str, Outcome]]
    start: tuple[float, ...]
    frequencies: float


def measure(setting: Setting, place: Place) -> Measurement:
    """Every rate is tried in a whole run."""
    first = setting.seeds[0]
    windows = held_out_windows(place, setting.context_length, setting.windows)
    lines: dict[str, Line] = {}
    rates: dict[str, dict[str, Outcome]] = {}
    for name, share in setting.warm_ups.items():
        trainings = StackTrainings(
            replace(setting, warmup=share),
            replace(place, work=place.work / name),
            partial(make, setting),
        )
        runs = {rate: trainings.train(rate, first, windows) for rate in setting.rates}
        best = min(runs, key=lambda rate: runs[rate].end)
        lines[name] = _line(trainings, windows, best, runs[best])
        if name != "warm-up":
            same = lines["warm-up"].rate
            lines[SAME] = _line(trainings, windows, same, runs[same])
        rates[name] = {
            f"{rate:.6f}": Outcome(run.loss[-1], run.diverged) for rate, run in runs.items()
        }
    return Measurement(
        lines,
        rates,
        start=significant(gradient_norms(make(setting, first), windows)),
        frequencies=round(frequencies_loss(setting, place, windows), 4),
    )


def _line(trainings: StackTrainings, windows: Tensor, rate: float, first: Curve) -> Line:
    others = [trainings.train(rate, seed, windows) for seed in trainings.course.seeds[1:]]
    return Line(rate, first, tuple(run.loss[-1] for run in (first, *others)))
