"""A cache of fixed size: the newest token takes the place of the oldest one that may go.

A layer with a sliding window of w tokens needs no more than w slots, and position p goes to slot
p mod w (Mistral 7B, Jiang et al. 2023, arXiv 2310.06825). With attention sinks the first tokens
keep their slots, and the others share the rest (StreamingLLM, Xiao et al. 2023, arXiv 2309.17453).
"""

from __future__ import annotations

import torch
from torch import Tensor

from transformer_core.kv_cache import LayerCache
from transformer_core.masks import causal_mask, sliding_window_mask


def slot_of(position: int, slots: int, sinks: int = 0) -> int:
    """Where a position's key and value are written; positions count from 0, and sinks < slots."""
    return position if position < sinks else sinks + (position - sinks) % (slots - sinks)


def overwritten(position: int, slots: int, sinks: int = 0) -> int | None:
    """The position that stood there, slots - sinks tokens before; None while there is room."""
    return None if position < slots else position - (slots - sinks)


def rolling_mask(n: int, slots: int, sinks: int = 0) -> Tensor:
    """What each of n queries finds in the cache, [query, key]: the sinks and the newest tokens."""
    window = sliding_window_mask(n, window=slots - sinks)
    return (window | (torch.arange(n) < sinks)) & causal_mask(n)


class RollingLayerCache(LayerCache):
    """`LayerCache` in which one token at a time is written, in a fixed number of slots.

    Keys arrive rotated for their position in the text and stay so. What is returned is not in the
    order of the text, which attention does not see: its sum has no order.
    """

    def __init__(self, kv: Tensor, sinks: int = 0) -> None:
        super().__init__(kv)
        self.sinks = sinks

    def append(self, kv: Tensor) -> tuple[Tensor, Tensor]:
        """Write one token; return what is in the slots."""
        if kv.shape[2] != 1:
            raise ValueError(f"a rolling cache takes one token at a time, {kv.shape[2]} came")
        slots = self.kv.shape[2]
        self.kv[:, :, slot_of(self.length, slots, self.sinks)] = kv[:, :, 0]
        self.length += 1
        k, v = self.kv[:, :, : min(self.length, slots)].chunk(2, dim=1)
        return k, v
