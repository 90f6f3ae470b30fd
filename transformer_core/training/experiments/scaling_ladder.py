"""How does the loss fall with parameters, tokens and compute? A ladder of sizes and budgets."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from math import inf

from transformer_core.config import TransformerConfig
from transformer_core.laws.costs import forward_flops
from transformer_core.laws.parameters import count_parameters
from transformer_core.lens.longer_context import loss_by_position
from transformer_core.training.experiments.experiment import Experiment, Measured, Place, Setting
from transformer_core.training.experiments.ladder_findings import conclude
from transformer_core.training.experiments.trainings import (
    DATA,
    N_VOCAB,
    climb,
    held_out_windows,
    last_losses,
)
from transformer_core.training.experiments.trunk import Trunk
from transformer_core.training.loop import Run
from transformer_core.training.state import Diverged
from transformer_core.transformer import Transformer

CONTEXT = 128
_M = 2**20  # tokens, in budgets that are whole numbers of steps
# d_model, n_layers, n_heads, first and last budget, budget of the tuning, where the tuning begins,
# seeds. Small models are trained until more tokens hardly help; large ones as the time allows.
SIZES = (
    (20, 2, 2, _M // 4, 8 * _M, _M // 2, 0.032, [1, 2, 3]),
    (32, 2, 2, _M // 4, 8 * _M, _M // 2, 0.032, [1, 2, 3]),
    (48, 2, 3, _M // 4, 8 * _M, _M // 2, 0.016, [1]),
    (64, 3, 4, _M // 4, 8 * _M, _M // 2, 0.016, [1]),
    (96, 4, 4, _M // 4, 2 * _M, _M // 4, 0.016, [1]),
    (144, 5, 6, _M // 4, 2 * _M, _M // 4, 0.008, [1]),
    (208, 6, 8, _M // 8, _M, _M // 8, 0.008, [1]),
    (320, 8, 10, _M // 8, _M, _M // 8, 0.008, [1]),
)
_STEP = 4 * 16  # tokens of the quick version
QUICK = (
    (8, 1, 1, 4 * _STEP, 16 * _STEP, 16 * _STEP, 0.016, [1, 2]),
    (16, 1, 1, 4 * _STEP, 16 * _STEP, 16 * _STEP, 0.016, [1]),
    (16, 2, 1, 4 * _STEP, 16 * _STEP, 16 * _STEP, 0.016, [1]),
)


def settings(place: Place, quick: bool) -> list[Setting]:
    """One for each size, from small to large; its budgets double."""
    return [_setting(quick, *size) for size in (QUICK if quick else SIZES)]


def _setting(
    quick: bool,
    d_model: int,
    n_layers: int,
    n_heads: int,
    first: int,
    last: int,
    tuning_tokens: int,
    learning_rate: float,
    seeds: list[int],
) -> Setting:
    context_length = 16 if quick else CONTEXT
    shape = {"d_model": d_model, "n_layers": n_layers, "n_heads": n_heads}
    config = config_of(shape | {"context_length": context_length})
    parameters = count_parameters(config)
    forward = forward_flops(config, context_length).total / context_length
    return shape | {
        "parameters": parameters.total - parameters.embedding,
        "embedding_parameters": parameters.embedding,
        "flops_per_token": 3 * forward,
        "context_length": context_length,
        "batch_size": 4 if quick else 16,
        "budgets": [first * 2**i for i in range((last // first).bit_length())],
        "tuning_tokens": tuning_tokens,
        "repeated_tokens": 4 * first,
        "learning_rate": learning_rate,
        "optimizer": "muon",
        "warmup_steps": 2 if quick else 10,
        "decay": 0.2,
        "held_out_windows": 8 if quick else 512,
        "seeds": seeds,
    }


def config_of(setting: Setting) -> TransformerConfig:
    """RoPE, RMSNorm, no biases, tied embeddings, d_ff = 4 d_model."""
    return TransformerConfig(
        vocab_size=N_VOCAB,
        context_length=setting["context_length"],
        d_model=setting["d_model"],
        n_layers=setting["n_layers"],
        n_heads=setting["n_heads"],
        n_kv_heads=setting["n_heads"],
        d_ff=4 * setting["d_model"],
        position="rope",
        norm="rms_norm",
        bias=False,
    )


def model(setting: Setting, seed: int) -> Transformer:
    """At its start."""
    transformer = Transformer(config_of(setting))
    transformer.initialise(seed)
    return transformer


def measure(setting: Setting, place: Place) -> Measured:
    """Held-out loss at every budget; of further seeds at the small ones."""
    budgets, (seed, *further) = setting["budgets"], setting["seeds"]
    windows = held_out_windows(place, setting["context_length"], setting["held_out_windows"])

    def trained(rate: float, seed: int, most: int) -> Iterator[Run]:
        trunk = Trunk(setting, place, partial(model, setting), rate, seed)
        return (trunk.branch(tokens) for tokens in budgets if tokens <= most)

    def loss_at(rate: float) -> float:
        try:
            *_, longest = trained(rate, seed, setting["tuning_tokens"])
            return last_losses(longest)
        except Diverged:
            return inf

    def losses(seed: int, most: int) -> list[float]:
        runs = trained(tuned.learning_rate, seed, most)
        return [round(float(loss_by_position(run.model, windows).mean()), 4) for run in runs]

    tuned = climb(loss_at, setting["learning_rate"])
    return {
        "learning_rate": tuned.learning_rate,
        "tried": tuned.tried,
        "losses": losses(seed, budgets[-1]),
        "repeated": [losses(other, setting["repeated_tokens"]) for other in further],
    }


EXPERIMENT = Experiment(
    name="scaling_ladder",
    question="How does held-out loss fall with parameters, tokens and compute?",
    varied="the size (width and depth together) and the tokens trained on",
    held_equal="text, its order and split, vocabulary, context, batch, warm-up in steps, share of "
    "decay, kind of layers, d_ff = 4 d_model; the learning rate is tuned for each size, at one "
    "of its small budgets, and kept for all of them",
    measured="mean loss on held-out windows, at the end of a decay to each budget",
    data=DATA,
    settings=settings,
    measure=measure,
    conclude=conclude,
)
