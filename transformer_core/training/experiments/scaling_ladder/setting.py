"""Sizes that are trained to budgets of tokens, each twice the one before."""

from __future__ import annotations

from dataclasses import dataclass

from transformer_core.laws.costs import forward_flops
from transformer_core.laws.parameters import count_parameters
from transformer_core.training.experiments.course import TunedCourse
from transformer_core.training.experiments.experiment import Place
from transformer_core.training.experiments.small_transformer import small_config
from transformer_core.transformer import Transformer

CONTEXT = 128
_M = 2**20  # tokens, in budgets that are whole numbers of steps


@dataclass(frozen=True)
class Size:
    """A shape, its first and last budget, and where and at which budget its tuning begins."""

    d_model: int
    n_layers: int
    n_heads: int
    first: int
    last: int
    tuning_tokens: int
    learning_rate: float
    seeds: tuple[int, ...] = (1,)


# Small models are trained until more tokens hardly help; large ones as the time allows.
SIZES = (
    Size(20, 2, 2, _M // 4, 8 * _M, _M // 2, 0.032, (1, 2, 3)),
    Size(32, 2, 2, _M // 4, 8 * _M, _M // 2, 0.032, (1, 2, 3)),
    Size(48, 2, 3, _M // 4, 8 * _M, _M // 2, 0.016),
    Size(64, 3, 4, _M // 4, 8 * _M, _M // 2, 0.016),
    Size(96, 4, 4, _M // 4, 2 * _M, _M // 4, 0.016),
    Size(144, 5, 6, _M // 4, 2 * _M, _M // 4, 0.008),
    Size(208, 6, 8, _M // 8, _M, _M // 8, 0.008),
    Size(320, 8, 10, _M // 8, _M, _M // 8, 0.008),
)
_STEP = 4 * 16  # tokens of the quick version
QUICK = (
    Size(8, 1, 1, 4 * _STEP, 16 * _STEP, 16 * _STEP, 0.016, (1, 2)),
    Size(16, 1, 1, 4 * _STEP, 16 * _STEP, 16 * _STEP, 0.016),
    Size(16, 2, 1, 4 * _STEP, 16 * _STEP, 16 * _STEP, 0.016),
)


@dataclass(frozen=True, kw_only=True)
class Setting(TunedCourse):
    """One size and its budgets, `tokens` the last; `repeated_tokens` is the last of other seeds.

    `parameters` are without the embedding, `flops_per_token` of a step of training.
    """

    d_model: int
    n_layers: int
    n_heads: int
    parameters: int
    embedding_parameters: int
    flops_per_token: float
    budgets: tuple[int, ...]
    repeated_tokens: int
    warmup_steps: int
    held_out_windows: int


def settings(place: Place, quick: bool) -> list[Setting]:
    """One for each size, from small to large."""
    return [_setting(size, quick) for size in (QUICK if quick else SIZES)]


def _setting(size: Size, quick: bool) -> Setting:
    context_length = 16 if quick else CONTEXT
    config = small_config(size.d_model, size.n_layers, size.n_heads, context_length)
    parameters = count_parameters(config)
    forward = forward_flops(config, context_length).total / context_length
    return Setting(
        d_model=size.d_model,
        n_layers=size.n_layers,
        n_heads=size.n_heads,
        parameters=parameters.total - parameters.embedding,
        embedding_parameters=parameters.embedding,
        flops_per_token=3 * forward,
        context_length=context_length,
        batch_size=4 if quick else 16,
        budgets=tuple(size.first * 2**i for i in range((size.last // size.first).bit_length())),
        tokens=size.last,
        tuning_tokens=size.tuning_tokens,
        repeated_tokens=4 * size.first,
        learning_rate=size.learning_rate,
        optimizer="muon",
        warmup_steps=2 if quick else 10,
        decay=0.2,
        held_out_windows=8 if quick else 512,
        seeds=size.seeds,
    )


def model(setting: Setting, seed: int) -> Transformer:
    """At its start."""
    shape = (setting.d_model, setting.n_layers, setting.n_heads, setting.context_length)
    transformer = Transformer(small_config(*shape))
    transformer.initialise(seed)
    return transformer
