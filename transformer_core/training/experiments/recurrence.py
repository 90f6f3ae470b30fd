"""A Transformer, an LSTM and a linear recurrence: loss by position, time of a step, gradient."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor, nn

from transformer_core.config import TransformerConfig
from transformer_core.lens.longer_context import loss_by_position
from transformer_core.lens.reach import gradient_by_distance
from transformer_core.training.experiments.experiment import Experiment, Measured, Place, Setting
from transformer_core.training.experiments.recurrence_findings import (
    CONTEXT,
    DISTANCES,
    LONGEST,
    LOOP,
    POSITIONS,
    SCAN,
    conclude,
)
from transformer_core.training.experiments.trainings import (
    DATA,
    N_VOCAB,
    Trials,
    held_out_windows,
    with_unit_tokens,
)
from transformer_core.training.linear_recurrence import linear_recurrence, one_by_one
from transformer_core.training.lstm import LSTM
from transformer_core.training.step_time import time_steps
from transformer_core.transformer import Transformer

LENGTHS = tuple(2**i for i in range(5, 12))
# Where the searches begin. The LSTM has one wide layer: two narrower ones learnt more slowly.
RATES = {"Transformer": 16e-3, SCAN: 16e-3, "LSTM": 16e-3}


def make(model: str, d_model: int, length: int, seed: int) -> Any:
    """A model at its start, of equally many parameters for each name; `length` positions fit."""
    config = TransformerConfig(
        vocab_size=N_VOCAB,
        context_length=length,
        d_model=d_model,
        n_layers=4,
        n_heads=4,
        n_kv_heads=4,
        d_ff=4 * d_model,
        position="rope",
        norm="rms_norm",
        bias=False,
    )
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


def settings(place: Place, quick: bool) -> list[Setting]:
    """The trainings of each model, and last the timing of all in turn."""
    d_model, batch_size = (16, 2) if quick else (64, 16)
    trainings = [
        {
            "model": model,
            "d_model": d_model,
            "parameters": parameters(make(model, d_model, CONTEXT, seed=1)),
            "context_length": CONTEXT,
            "batch_size": batch_size,
            "tokens": (10 if quick else 400) * batch_size * CONTEXT,
            "tuning_tokens": (10 if quick else 400) * batch_size * CONTEXT,
            "seeds": [1] if quick else [1, 2],
            "optimizer": "muon",
            "learning_rate": rate,
            "windows": 2 if quick else 256,
        }
        for model, rate in RATES.items()
    ]
    timing = {
        "timed": [*RATES, LOOP],
        "d_model": d_model,
        "lengths": list(LENGTHS[:3] if quick else LENGTHS),
        "repeats": 1 if quick else 15,
    }
    return [*trainings, timing]


def measure(setting: Setting, place: Place) -> Measured:
    """Milliseconds of every model at every length, or what one model's trainings came to."""
    if "timed" in setting:
        lengths, d_model = setting["lengths"], setting["d_model"]
        models = {name: make(name, d_model, max(lengths), seed=1) for name in setting["timed"]}
        seconds = time_steps(models, lengths, N_VOCAB, setting["repeats"])
        return {"ms": {name: [round(1e3 * s, 4) for s in of] for name, of in seconds.items()}}
    return _trained(setting, place)


def _trained(setting: Setting, place: Place) -> Measured:
    model = partial(make, setting["model"], setting["d_model"], LONGEST)
    windows = held_out_windows(place, LONGEST, setting["windows"])
    short = windows[:, : CONTEXT + 1]
    trials = Trials(setting, place, model)
    tuned = trials.tune()
    losses, trained = [], []
    for run in trials.runs(tuned.learning_rate):
        losses.append(binned(loss_by_position(run.model, windows), POSITIONS))
        trained.append(gradient_by_distance(run.model, short))
    at_start = [gradient_by_distance(model(seed), short) for seed in setting["seeds"]]
    return {
        "learning_rate": tuned.learning_rate,
        "tried": tuned.tried,
        "losses": losses,
        "gradient": {"at the start": _shares(at_start), "trained": _shares(trained)},
    }


def binned(values: Tensor, edges: tuple[int, ...]) -> list[float]:
    """Means of values[edge : next edge], to four figures."""
    parts = [values[a:b] for a, b in pairwise(edges)]
    return [float(f"{part.mean():.4g}") for part in parts]


def _shares(gradients: list[Tensor]) -> list[float]:
    """Of the gradient at the predicting position itself, mean over the seeds."""
    return binned(torch.stack([g / g[0] for g in gradients]).mean(0), DISTANCES)


EXPERIMENT = Experiment(
    name="recurrence",
    question="What does attention gain over reading one token after the other?",
    varied="what carries information from token to token: attention with RoPE, a gated linear "
    "recurrence in its place, or an LSTM of one layer",
    held_equal="parameters within 2 %, counted in the settings without the embedding, which has "
    "the same shape in all and unembeds too; tokens that start at length 1 on average; text and "
    "its order; the optimiser; the learning rate tuned for each model in trainings of full length",
    measured="held-out loss by position, up to twice the trained length, with the lowest and the "
    "highest seed; norm of the gradient of the last loss at the embedding k steps back, mean over "
    "windows; forward and backward of one window in float32 on one thread, median of repeats",
    data=DATA | {"context": CONTEXT, "evaluated": LONGEST},
    settings=settings,
    measure=measure,
    conclude=conclude,
)
