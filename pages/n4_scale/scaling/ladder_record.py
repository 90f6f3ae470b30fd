"""The recorded experiment `scaling_ladder`: trainings of eight sizes, each to several lengths."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from figures.numbers import short
from transformer_core.records.result import Result, load_result

FILE = Path(__file__).parents[3] / "assets" / "experiments" / "scaling_ladder.json"
# Tokens at which sizes are compared, and sizes, by their place in the ladder, at which lengths are.
LENGTHS = (2**18, 2**19, 2**20, 2**21)
SIZES = (0, 3)


@dataclass(frozen=True)
class Rung:
    """One size, without embeddings: the loss of a finished training at each number of tokens.

    `flops_per_token` are those of a training step, attention's scores and logits included.
    """

    n_parameters: int
    flops_per_token: float
    tokens: tuple[float, ...]
    losses: tuple[float, ...]


@dataclass(frozen=True)
class Cut:
    """Trainings of which only one thing varies: `along` it, from small to large."""

    name: str
    along: str
    x: tuple[float, ...]
    losses: tuple[float, ...]


@cache
def record() -> Result:
    """The file, read once."""
    return load_result(FILE)


@cache
def rungs() -> tuple[Rung, ...]:
    """All sizes, from small to large."""
    settings = record().configuration["settings"]
    curves = [curve for curve in record().series if curve.x_label == "tokens"]
    return tuple(
        Rung(setting["parameters"], setting["flops_per_token"], curve.x, curve.y)
        for setting, curve in zip(settings, curves, strict=True)
    )


@cache
def cuts() -> tuple[Cut, ...]:
    """Sizes at one length, then lengths of one size."""
    return (*map(_at_length, LENGTHS), *(_of_size(rungs()[i]) for i in SIZES))


def _at_length(tokens: int) -> Cut:
    reached = [rung for rung in rungs() if tokens in rung.tokens]
    losses = tuple(rung.losses[rung.tokens.index(tokens)] for rung in reached)
    sizes = tuple(float(rung.n_parameters) for rung in reached)
    return Cut(f"{len(sizes)} sizes, {short(tokens)} tokens", "parameters", sizes, losses)


def _of_size(rung: Rung) -> Cut:
    name = f"{short(rung.n_parameters)} parameters, {len(rung.tokens)} lengths"
    return Cut(name, "tokens", rung.tokens, rung.losses)
