"""The Attend lesson's first picture: attention on three tokens, small enough to follow by hand."""

from __future__ import annotations

from typing import TypedDict

import torch
from torch import Tensor

from transformer_core.lens.worked_attention import (
    TOKENS,
    W_K,
    W_O,
    W_Q,
    W_V,
    worked_attention,
)
from ui.serving.component import component
from ui.serving.transport import pack


class WorkedHeader(TypedDict):
    """The three tokens."""

    tokens: list[str]


class WorkedArrays(TypedDict):
    """[token, 2]: vectors; [query, key]: scores, not divided, and weights.

    maps: W_Q, W_K, W_V and W_O, [map, 2, 2]; x_after: x with attention's output added.
    """

    x: Tensor
    q: Tensor
    k: Tensor
    v: Tensor
    scores: Tensor
    weights: Tensor
    mixed: Tensor
    output: Tensor
    x_after: Tensor
    maps: Tensor


def show_worked_board() -> None:
    """Vectors, scores, softmax and mixture of one token, each as arithmetic on paper."""
    component(__file__)(key="worked-board", data=pack_worked())


def pack_worked() -> bytes:
    """Every step as the core computes it."""
    x, steps = worked_attention()
    header: WorkedHeader = {"tokens": list(TOKENS)}
    arrays: WorkedArrays = {
        "x": x[0],
        "q": steps.q[0, 0],
        "k": steps.k[0, 0],
        "v": steps.v[0, 0],
        "scores": (steps.q @ steps.k.mT)[0, 0],
        "weights": steps.weights[0, 0],
        "mixed": steps.mixed_values[0, 0],
        "output": steps.output[0],
        "x_after": (x + steps.output)[0],
        "maps": torch.tensor([W_Q, W_K, W_V, W_O]),
    }
    return pack(header, arrays)
