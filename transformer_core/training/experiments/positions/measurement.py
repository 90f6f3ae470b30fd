"""Loss by position of every seed, up to and past the trained length."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from torch import Tensor

from transformer_core.lens.longer_context import STRETCHES, loss_by_position
from transformer_core.training.experiments.experiment import Place
from transformer_core.training.experiments.learning_rate import Tuned
from transformer_core.training.experiments.positions.setting import (
    FACTORS,
    FARTHEST,
    NAMES,
    Setting,
    model,
)
from transformer_core.training.experiments.text import held_out_windows
from transformer_core.training.experiments.trials import Trials
from transformer_core.transformer import Transformer

PER_LENGTH = 4  # bins in one trained length
STRETCHED = {"interpolated": "interpolated", "larger_base": "NTK-aware", "yarn": "YaRN"}
Bins = tuple[float, ...]


@dataclass(frozen=True)
class Measurement:
    """Of one scheme: the loss of each of its lines, of each seed, in nats, in each bin."""

    tuned: Tuned
    nats: dict[str, tuple[Bins, ...]]


def measure(setting: Setting, place: Place) -> Measurement:
    """In bins of a quarter of the trained length."""
    trained = setting.context_length
    windows = held_out_windows(place, FARTHEST * trained, setting.windows)
    trials = Trials(setting, place, partial(model, setting))
    tuned = trials.tune()
    nats: dict[str, tuple[Bins, ...]] = defaultdict(tuple)
    for run in trials.runs(tuned.learning_rate):
        assert isinstance(run.model, Transformer)
        for line, reader, times in readers(run.model):
            loss = loss_by_position(reader, windows[:, : times * trained + 1])
            nats[line] += (_binned(loss, trained // PER_LENGTH),)
    return Measurement(tuned, dict(nats))


def readers(trained: Transformer) -> Iterator[tuple[str, Transformer, int]]:
    """A trained model as it is and stretched: its line, the reader, how many lengths it reads."""
    position = trained.config.position
    yield NAMES[position], trained, 1 if position == "learned" else FARTHEST
    if position == "rope":
        for stretch, name in STRETCHED.items():
            for factor in FACTORS:
                yield stretched(name, factor), STRETCHES[stretch](trained, factor), factor


def stretched(name: str, factor: int = FARTHEST) -> str:
    """The line of RoPE that was stretched by a factor after training."""
    return f"RoPE, {name}, factor {factor}"


def _binned(loss: Tensor, size: int) -> Bins:
    return tuple(round(float(mean), 4) for mean in loss.view(-1, size).mean(-1))
