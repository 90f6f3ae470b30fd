"""Held-out loss of every seed, the cache's size, and the time of one new token."""

from __future__ import annotations

from dataclasses import dataclass, replace
from statistics import median

import torch

from transformer_core.config import TransformerConfig
from transformer_core.fast.decoding import bind
from transformer_core.kv_cache import KVCache
from transformer_core.laws.costs import kv_cache_bytes
from transformer_core.lens.longer_context import loss_by_position
from transformer_core.lens.timing import CLOCK
from transformer_core.training.experiments.experiment import Place
from transformer_core.training.experiments.heads.setting import Setting
from transformer_core.training.experiments.learning_rate import Tuned
from transformer_core.training.experiments.text import held_out_windows
from transformer_core.training.experiments.trials import Trials
from transformer_core.transformer import Transformer


@dataclass(frozen=True)
class Measurement:
    """Of one variant: loss of each seed, and milliseconds of a new token after each context."""

    tuned: Tuned
    losses: tuple[float, ...]
    cache_bytes: float
    milliseconds: tuple[float, ...]


def measure(setting: Setting, place: Place) -> Measurement:
    """Train every seed at the rate found, and time a wider model of the same kind."""

    def make(seed: int) -> Transformer:
        model = Transformer(setting.config)
        model.initialise(seed)
        return model

    trials = Trials(setting, place, make)
    tuned = trials.tune()
    windows = held_out_windows(place, setting.context_length, setting.windows)
    runs = trials.runs(tuned.learning_rate)
    losses = [round(loss_by_position(run.model, windows).mean().item(), 4) for run in runs]
    seconds = [decoding_seconds(setting.timed_config, n) for n in setting.contexts]
    return Measurement(
        tuned,
        tuple(losses),
        kv_cache_bytes(setting.config, 1),
        tuple(round(1e3 * s, 4) for s in seconds),
    )


@torch.inference_mode()
def decoding_seconds(config: TransformerConfig, n: int, repeats: int = 15) -> float:
    """Median time of one new token with n in the cache, seconds; weights' values do not matter."""
    model = Transformer(replace(config, context_length=n + repeats + 3))
    model.initialise(0)
    cache = KVCache(model.config)
    for layer in cache.layers:
        layer.length = n
    step, taken = bind(model, cache), []
    for _ in range(repeats + 3):
        start = CLOCK()
        step(1)
        taken.append(CLOCK() - start)
    return median(taken[3:])
