"""Steps of gradient descent on a copy of a tiny model: where a reader's rates lead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TypedDict

import torch
from torch import Tensor

from transformer_core.checkpoints import load_checkpoint
from transformer_core.lens.gradient_step import (
    Gradient,
    descend,
    look_ahead,
    loss_gradient,
    weights_of,
)
from transformer_core.shipped_vocabulary import load_shipped
from transformer_core.transformer import Transformer
from ui.known_models import ASSETS
from ui.models import HEAVY_PASSES
from ui.remembered import Remembered

PUPIL = "fable-tiny"
SHOWN = 48  # tokens of the reader's text
RATES = tuple(10 ** (k / 4) for k in range(-12, 5))  # 0.001 to 10, four to a factor of ten
MOST_STEPS = 24
FOLLOWED = 6  # tokens of each position
ROWS, COLUMNS = 12, 12  # cells of a matrix in the picture
KEPT = 96 << 20  # bytes of weights


class MatrixData(TypedDict):
    """A matrix of the model: its layer from 0, -1 outside of the layers; lengths of both."""

    name: str
    layer: int
    shape: tuple[int, int]
    weight: float
    gradient: float


class PlaceData(TypedDict):
    """Where the steps so far have led, and what the next could do at each of `rates`.

    taken: places in `rates`; others: lengths of all gains and biases; gradient: of all weights.
    """

    pieces: list[str]
    rates: list[float]
    taken: list[int]
    candidates: list[list[str]]
    matrices: list[MatrixData]
    others: tuple[float, float]
    gradient: float
    vocab: int
    n_weights: int


class StepArrays(TypedDict):
    """losses [rate, token - 1], probabilities [rate, token, candidate]; the first rate is 0.

    right [token]: the place of the next token among the candidates, -1 for the last; cells
    [matrix, row, column]: root mean square of the gradient; path: mean loss before each step.
    """

    losses: Tensor
    probabilities: Tensor
    right: Tensor
    cells: Tensor
    path: Tensor


@dataclass(frozen=True)
class Place:
    """Weights after some steps, in the order of the model's own, and the losses on the way."""

    weights: list[Tensor]
    path: tuple[float, ...]


_places: Remembered[Place] = Remembered(KEPT)


@cache
def pupil() -> Transformer:
    """The tiny model: read for this page alone, and never changed."""
    return load_checkpoint(ASSETS / PUPIL)


@lru_cache(maxsize=64)
def tokens_of(text: str) -> tuple[int, ...]:
    """The beginning of a text as this model's tokens; a text of one gets a full stop."""
    tokenizer = load_shipped()
    found = tokenizer.encode(text)[:SHOWN]
    return tuple(found if len(found) > 1 else [*found, *tokenizer.encode(".")][:2])


def clean_steps(written: str) -> tuple[int, ...]:
    """Places in RATES, written as `5.7.7`; what makes no sense is none."""
    parts = written.split(".") if written else []
    if not all(each.isascii() and each.isdigit() and len(each) < 3 for each in parts):
        return ()
    return tuple(min(int(each), len(RATES) - 1) for each in parts[:MOST_STEPS])


def _place(ids: tuple[int, ...], steps: tuple[int, ...]) -> Place:
    """Where these steps lead, from the furthest place on the way that is still remembered."""
    model = pupil()
    names = [name for name, _ in model.named_parameters()]
    if known := _places.get((ids, steps)):
        return known
    if not steps:
        return Place(list(weights_of(model).values()), ())
    before = _place(ids, steps[:-1])
    weights = dict(zip(names, before.weights, strict=True))
    gradient = loss_gradient(model, weights, torch.tensor(ids))
    after = descend(weights, gradient, RATES[steps[-1]])
    place = Place(list(after.values()), (*before.path, float(gradient.losses.mean())))
    _places.keep((ids, steps), place)
    return place


@lru_cache(maxsize=64)
def describe_place(ids: tuple[int, ...], steps: tuple[int, ...]) -> tuple[PlaceData, StepArrays]:
    """All that the board shows of one place: its gradient and what each rate would make of it."""
    model, token_ids = pupil(), torch.tensor(ids)
    with HEAVY_PASSES:
        place = _place(ids, steps)
        names = [name for name, _ in model.named_parameters()]
        weights = dict(zip(names, place.weights, strict=True))
        gradient = loss_gradient(model, weights, token_ids)
        outlook = look_ahead(model, weights, gradient, token_ids, (0.0, *RATES), FOLLOWED)
    matrices = [name for name, w in weights.items() if w.ndim == 2]
    pieces = load_shipped().pieces
    place_data: PlaceData = {
        "pieces": pieces(list(ids)),
        "rates": list(RATES),
        "taken": list(steps),
        "candidates": [pieces(row) for row in outlook.candidates.tolist()],
        "matrices": [describe_matrix(name, weights, gradient) for name in matrices],
        "others": _others(weights, gradient),
        "gradient": finite(gradient.norm),
        "vocab": model.config.vocab_size,
        "n_weights": sum(w.numel() for w in weights.values()),
    }
    arrays: StepArrays = {
        "losses": outlook.losses,
        "probabilities": outlook.probabilities,
        "right": places_of_right(outlook.candidates, token_ids),
        "cells": torch.stack([pooled(gradient.by_weight[name]) for name in matrices]),
        "path": torch.tensor([*place.path, float(gradient.losses.mean())]),
    }
    return place_data, arrays


def describe_matrix(name: str, weights: Mapping[str, Tensor], gradient: Gradient) -> MatrixData:
    """A matrix by its last telling name: `blocks.2.attention.q_proj.weight` is q_proj."""
    parts = name.removesuffix(".weight").split(".")
    rows, columns = weights[name].shape
    return {
        "name": parts[0] if parts[0] != "blocks" else parts[-1],
        "layer": int(parts[1]) if parts[0] == "blocks" else -1,
        "shape": (rows, columns),
        "weight": finite(float(weights[name].norm())),
        "gradient": finite(float(gradient.by_weight[name].norm())),
    }


def _others(weights: Mapping[str, Tensor], gradient: Gradient) -> tuple[float, float]:
    rest = [name for name, w in weights.items() if w.ndim == 1]
    return _length([weights[n] for n in rest]), _length([gradient.by_weight[n] for n in rest])


def _length(vectors: Sequence[Tensor]) -> float:
    return finite(float(torch.cat(list(vectors)).norm()))


def finite(x: float) -> float:
    """As JSON can carry it: -1 stands for what is no number any more."""
    return x if x < float("inf") else -1.0


def places_of_right(candidates: Tensor, token_ids: Tensor) -> Tensor:
    """Which candidate of each position is the token that comes; -1 for the last, [position]."""
    found = (candidates[:-1] == token_ids[1:, None]).int().argmax(-1)
    return torch.cat((found, torch.tensor([-1])))


def pooled(matrix: Tensor) -> Tensor:
    """Root mean square over ROWS x COLUMNS blocks of a matrix."""
    squares = matrix.square()[None, None]
    return torch.nn.functional.adaptive_avg_pool2d(squares, (ROWS, COLUMNS))[0, 0].sqrt()
