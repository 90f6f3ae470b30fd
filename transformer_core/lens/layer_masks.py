"""Patterns of attention for long texts: a causal mask for each layer of a stack.

`width`: tokens of a window, of a chunk, or of a block. Layers count from 0.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from transformer_core.laws.pattern_costs import (
    block_pairs,
    chunk_pairs,
    dilated_pairs,
    full_pairs,
    window_pairs,
)
from transformer_core.masks import (
    block_sparse_mask,
    causal_mask,
    chunked_mask,
    dilated_mask,
    full_mask,
    sliding_window_mask,
)

PERIOD = 4  # three layers with windows, then a full one; steps of 1, 2, 4, 8
STEP = 2  # between the keys of a dilated window


@dataclass(frozen=True)
class LayerPattern:
    """`mask(n, width, layer)` may look ahead; `pairs` are of the part that is causal."""

    title: str
    mask: Callable[[int, int, int], Tensor]
    pairs: Callable[[int, int, int], int]


def is_full_layer(layer: int) -> bool:
    """The last layer of each period, in a stack that mixes."""
    return layer % PERIOD == PERIOD - 1


def growing_step(layer: int) -> int:
    """1, 2, 4, 8, and again."""
    return int(2 ** (layer % PERIOD))


def _mixed_mask(n: int, width: int, layer: int) -> Tensor:
    return full_mask(n) if is_full_layer(layer) else sliding_window_mask(n, n, width)


def _mixed_pairs(n: int, width: int, layer: int) -> int:
    return full_pairs(n) if is_full_layer(layer) else window_pairs(n, width)


LAYER_PATTERNS: dict[str, LayerPattern] = {
    "full": LayerPattern("full", lambda n, w, i: full_mask(n), lambda n, w, i: full_pairs(n)),
    "sliding": LayerPattern(
        "sliding window",
        lambda n, w, i: sliding_window_mask(n, n, w),
        lambda n, w, i: window_pairs(n, w),
    ),
    "chunks": LayerPattern(
        "chunks", lambda n, w, i: chunked_mask(n, n, w), lambda n, w, i: chunk_pairs(n, w)
    ),
    "dilated": LayerPattern(
        "dilated",
        lambda n, w, i: dilated_mask(n, n, w, STEP),
        lambda n, w, i: dilated_pairs(n, w, STEP),
    ),
    "growing": LayerPattern(
        "dilated 1, 2, 4, 8",
        lambda n, w, i: dilated_mask(n, n, w, growing_step(i)),
        lambda n, w, i: dilated_pairs(n, w, growing_step(i)),
    ),
    "blocks": LayerPattern(
        "block-sparse",
        lambda n, w, i: block_sparse_mask(n, n, w),
        lambda n, w, i: block_pairs(n, w),
    ),
    "mixed": LayerPattern("3 windows : 1 full", _mixed_mask, _mixed_pairs),
}


def layer_masks(name: str, n: int, width: int, n_layers: int) -> Tensor:
    """The causal masks of a stack, from the first layer up, boolean [layer, query, key]."""
    pattern = LAYER_PATTERNS[name]
    masks = [pattern.mask(n, width, layer) & causal_mask(n) for layer in range(n_layers)]
    return torch.stack(masks)


def stack_pairs(name: str, n: int, width: int, n_layers: int) -> int:
    """Pairs of query and key that a stack looks at; counted, without a mask of n^2 cells."""
    return sum(LAYER_PATTERNS[name].pairs(n, width, layer) for layer in range(n_layers))
