"""Three models of equally many parameters, and what they are timed at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from torch import nn

from transformer_core.linear_recurrence import (
    linear_recurrence,
    one_by_one,
)
from transformer_core.training.experiments.course import TunedCourse
from transformer_core.training.experiments.experiment import Place
from transformer_core.training.experiments.recurrence.lstm import LSTM
from transformer_core.training.experiments.small_transformer import small_config, with_unit_tokens
from transformer_core.training.experiments.text import N_VOCAB
from transformer_core.transformer import Transformer

CONTEXT = 256  # trained length
LONGEST = 2 * CONTEXT
LENGTHS = tuple(2**i for i in range(5, 12))
SCAN, LOOP = "linear recurrence", "linear recurrence, one by one"
MODELS = ("Transformer", SCAN, "LSTM")  # the last has one wide layer: two learnt more slowly
RATE = 16e-3  # learning rate at which the searches begin


@dataclass(frozen=True, kw_only=True)
class Training(TunedCourse):
    """The trainings of one model; `windows` are read."""

    model: str
    d_model: int
    parameters: int
    windows: int


@dataclass(frozen=True, kw_only=True)
class Timing:
    """A step of all models, one after the other, at each length."""

    timed: tuple[str, ...]
    d_model: int
    lengths: tuple[int, ...]
    repeats: int


def settings(place: Place, quick: bool) -> list[Training | Timing]:
    """The trainings of each model, and last the timing of all in turn."""
    d_model, batch_size = (16, 2) if quick else (64, 16)
    tokens = (4 if quick else 400) * batch_size * CONTEXT
    trainings = [
        Training(
            model=model,
            d_model=d_model,
            parameters=parameters(make(model, d_model, CONTEXT, seed=1)),
            context_length=CONTEXT,
            batch_size=batch_size,
            tokens=tokens,
            tuning_tokens=tokens,
            seeds=(1,) if quick else (1, 2),
            optimizer="muon",
            learning_rate=RATE,
            windows=2 if quick else 256,
        )
        for model in MODELS
    ]
    timing = Timing(
        timed=(*MODELS, LOOP),
        d_model=d_model,
        lengths=LENGTHS[:3] if quick else LENGTHS,
        repeats=1 if quick else 15,
    )
    return [*trainings, timing]


def make(model: str, d_model: int, length: int, seed: int) -> Any:
    """At initialisation, of equally many parameters for each name; `length` positions fit."""
    config = small_config(d_model, n_layers=4, n_heads=4, context_length=length)
    kinds: dict[str, Callable[[], Any]] = {
        "Transformer": partial(Transformer, config),
        SCAN: partial(linear_recurrence, config),
        LOOP: partial(linear_recurrence, config, one_by_one),
        "LSTM": partial(LSTM, N_VOCAB, d_model, round(2.89 * d_model), n_layers=1),
    }
    made = kinds[model]()
    made.initialise(seed)
    return with_unit_tokens(made, seed) if isinstance(made, Transformer) else made


def parameters(model: nn.Module) -> int:
    """All but the embedding, of which every model has the same and unembeds with it."""
    return sum(p.numel() for name, p in model.named_parameters() if name != "embedding")
