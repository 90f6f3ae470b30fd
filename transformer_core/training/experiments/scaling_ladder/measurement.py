"""Held-out loss at every budget; of further seeds at the small ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from math import inf

from transformer_core.lens.longer_context import loss_by_position
from transformer_core.training.experiments.experiment import Place
from transformer_core.training.experiments.learning_rate import Tuned, climb
from transformer_core.training.experiments.scaling_ladder.setting import Setting, model
from transformer_core.training.experiments.scaling_ladder.trunk import Trunk
from transformer_core.training.experiments.text import held_out_windows
from transformer_core.training.experiments.trials import last_losses
from transformer_core.training.loop import Run
from transformer_core.training.state import Diverged


@dataclass(frozen=True)
class Measurement:
    """Of one size: the loss at every budget, and of each further seed at the first ones."""

    tuned: Tuned
    losses: tuple[float, ...]
    repeated: tuple[tuple[float, ...], ...]


def measure(setting: Setting, place: Place) -> Measurement:
    """All budgets of a seed are branches of one trunk."""
    seed, *further = setting.seeds
    windows = held_out_windows(place, setting.context_length, setting.held_out_windows)

    def trained(rate: float, seed: int, most: int) -> Iterator[Run]:
        trunk = Trunk(setting, place, partial(model, setting), rate, seed)
        return (trunk.branch(tokens) for tokens in setting.budgets if tokens <= most)

    def loss_at(rate: float) -> float:
        try:
            *_, longest = trained(rate, seed, setting.tuning_tokens)
            return last_losses(longest)
        except Diverged:
            return inf

    def losses(seed: int, most: int) -> tuple[float, ...]:
        runs = trained(tuned.learning_rate, seed, most)
        return tuple(round(float(loss_by_position(run.model, windows).mean()), 4) for run in runs)

    tuned = climb(loss_at, setting.learning_rate)
    return Measurement(
        tuned,
        losses(seed, setting.tokens),
        tuple(losses(other, setting.repeated_tokens) for other in further),
    )
