"""Milliseconds of every model at every length, and what one model's trainings came to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import torch
from torch import Tensor

from transformer_core.lens.longer_context import loss_by_position
from transformer_core.lens.reach import gradient_by_distance
from transformer_core.training.experiments.experiment import Place
from transformer_core.training.experiments.learning_rate import Tuned
from transformer_core.training.experiments.recurrence.setting import (
    CONTEXT,
    LONGEST,
    Timing,
    Training,
    make,
)
from transformer_core.training.experiments.recurrence.step_time import time_steps
from transformer_core.training.experiments.text import N_VOCAB, held_out_windows
from transformer_core.training.experiments.trials import Trials

# Where bins of neighbouring positions, and of distances, begin and end.
POSITIONS = (0, 1, 2, 4, 8, 16, *range(32, LONGEST + 1, 32))
DISTANCES = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, CONTEXT)
Bins = tuple[float, ...]


@dataclass(frozen=True)
class Trained:
    """Of one model: loss of each seed in each bin of `POSITIONS`.

    at_start, after: gradient in each bin of `DISTANCES`, as a share of that at 0 steps back.
    """

    tuned: Tuned
    losses: tuple[Bins, ...]
    at_start: Bins
    after: Bins


@dataclass(frozen=True)
class Timed:
    """Milliseconds of a step of each model at each length."""

    ms: dict[str, tuple[float, ...]]


def measure(setting: Training | Timing, place: Place) -> Trained | Timed:
    """What the setting asks for."""
    return _timed(setting) if isinstance(setting, Timing) else _trained(setting, place)


def _timed(setting: Timing) -> Timed:
    longest = max(setting.lengths)
    models = {name: make(name, setting.d_model, longest, seed=1) for name in setting.timed}
    seconds = time_steps(models, setting.lengths, N_VOCAB, setting.repeats)
    return Timed({name: tuple(round(1e3 * s, 4) for s in of) for name, of in seconds.items()})


def _trained(setting: Training, place: Place) -> Trained:
    model = partial(make, setting.model, setting.d_model, LONGEST)
    windows = held_out_windows(place, LONGEST, setting.windows)
    short = windows[:, : CONTEXT + 1]
    trials = Trials(setting, place, model)
    tuned = trials.tune()
    losses, after = [], []
    for run in trials.runs(tuned.learning_rate):
        losses.append(binned(loss_by_position(run.model, windows), POSITIONS))
        after.append(gradient_by_distance(run.model, short))
    at_start = [gradient_by_distance(model(seed), short) for seed in setting.seeds]
    return Trained(tuned, tuple(losses), _shares(at_start), _shares(after))


def binned(values: Tensor, edges: tuple[int, ...]) -> Bins:
    """Means of values[edge : next edge], to four figures."""
    parts = [values[a:b] for a, b in pairwise(edges)]
    return tuple(float(f"{part.mean():.4g}") for part in parts)


def _shares(gradients: list[Tensor]) -> Bins:
    """Of the gradient at the predicting position itself, mean over the seeds."""
    return binned(torch.stack([g / g[0] for g in gradients]).mean(0), DISTANCES)
