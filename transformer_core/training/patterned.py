"""A Transformer each of whose layers looks through a pattern of its own, and stacks of such."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from transformer_core.block import BlockTrace, PreNormBlock
from transformer_core.config import TransformerConfig
from transformer_core.kv_cache import LayerCache
from transformer_core.masks import (
    block_sparse_mask,
    causal_mask,
    chunked_mask,
    dilated_mask,
    full_mask,
    sliding_window_mask,
)
from transformer_core.positions import NoPosition
from transformer_core.transformer import Transformer


class PatternedBlock(PreNormBlock):
    """A block that looks through its own pattern [query, key] where no mask is given."""

    pattern: Tensor

    def __init__(self, config: TransformerConfig, position: NoPosition, pattern: Tensor) -> None:
        super().__init__(config, position)
        self.register_buffer("pattern", pattern, persistent=False)

    def forward(
        self, x: Tensor, mask: Tensor | None = None, cache: LayerCache | None = None
    ) -> Tensor:
        """[batch, position, d_model] to the same; at most as many positions as the pattern has."""
        return super().forward(x, self._seen(x, cache) if mask is None else mask, cache)

    def trace(
        self, x: Tensor, mask: Tensor | None = None, cache: LayerCache | None = None
    ) -> BlockTrace:
        """The same, every step kept."""
        return super().trace(x, self._seen(x, cache) if mask is None else mask, cache)

    def _seen(self, x: Tensor, cache: LayerCache | None) -> Tensor:
        start = cache.length if cache else 0
        end = start + x.shape[1]
        return self.pattern[start:end, :end]


def patterned_transformer(config: TransformerConfig, patterns: Tensor) -> Transformer:
    """A pre-norm Transformer with one pattern a layer, [layer, query, key], not initialised.

    No pattern has parameters: all stacks of one config have the same ones by the same names.
    """
    model = Transformer(config)
    model.blocks = nn.ModuleList(PatternedBlock(config, model.position, p) for p in patterns)
    return model


def _dilated_more_and_more(n: int, window: int) -> list[Tensor]:
    return [dilated_mask(n, n, window, 2**layer) for layer in range(4)]


def _windows_and_one_full(n: int, window: int) -> list[Tensor]:
    return [*[sliding_window_mask(n, n, window)] * 3, full_mask(n)]


# Of about as many pairs as a causal window's: a chunk's tokens see (chunk + 1) / 2 on average, a
# block's (block + 1) / 2 of its own, a neighbour's `block` and the first one's `block`.
PATTERNS: dict[str, Callable[[int, int], list[Tensor]]] = {
    "full": lambda n, window: [full_mask(n)],
    "sliding window": lambda n, window: [sliding_window_mask(n, n, window)],
    "chunks": lambda n, window: [chunked_mask(n, n, 2 * window - 1)],
    "dilated": lambda n, window: [dilated_mask(n, n, window, 2)],
    "dilated 1, 2, 4, 8": _dilated_more_and_more,
    "block-sparse": lambda n, window: [block_sparse_mask(n, n, round(0.4 * window))],
    "3 windows : 1 full": _windows_and_one_full,
}


def layer_patterns(name: str, n: int, window: int, n_layers: int) -> Tensor:
    """The causal patterns of a stack, from the first layer up, boolean [layer, query, key]."""
    period = PATTERNS[name](n, window)
    return torch.stack([period[i % len(period)] & causal_mask(n) for i in range(n_layers)])


def pairs_share(patterns: Tensor) -> float:
    """Looked-at pairs of query and key, of all that a causal stack could look at."""
    return float(patterns.sum() / (len(patterns) * causal_mask(patterns.shape[-1]).sum()))
