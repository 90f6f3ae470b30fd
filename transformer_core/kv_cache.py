"""The KV cache: keys and values of past tokens, kept so that they are computed once."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from transformer_core.config import TransformerConfig


class LayerCache:
    """Keys and values of one layer, written in place.

    Args:
        kv: room for both, [batch, 2 * n_kv_heads, capacity, d_head]: the keys' heads, then the
            values'.
    """

    def __init__(self, kv: Tensor) -> None:
        self.kv = kv
        self.k, self.v = kv.chunk(2, dim=1)
        self.length = 0

    def extend(self, k: Tensor, v: Tensor) -> tuple[Tensor, Tensor]:
        """Append keys and values, each [batch, n_kv_heads, position, d_head]; see `append`."""
        return self.append(torch.cat((k, v), dim=1))

    def append(self, kv: Tensor) -> tuple[Tensor, Tensor]:
        """Append keys and values, which lie as they do here; return all so far, as views.

        Raises:
            ValueError: when the cache is full, or was made for another batch or other heads.
        """
        start, new = self.length, kv.shape[2]
        if kv.shape[:2] != self.kv.shape[:2]:
            raise ValueError(
                f"the KV cache was made for {_counted(self.kv)}, but {_counted(kv)} came"
            )
        if start + new > self.kv.shape[2]:
            raise ValueError(
                f"the KV cache holds {self.kv.shape[2]} positions, {start + new} are needed"
            )
        self.kv.narrow(2, start, new).copy_(kv)
        self.length = start + new
        k, v = self.kv.narrow(2, 0, self.length).chunk(2, dim=1)
        return k, v


class KVCache:
    """One `LayerCache` per layer, all allocated at once.

    Size in bytes: 2 * n_layers * n_kv_heads * d_head * capacity * bytes per number. Kind of number
    and device are those of the tensor `like`, by default 32 bits on the CPU.
    """

    def __init__(
        self,
        config: TransformerConfig,
        capacity: int | None = None,
        batch: int = 1,
        like: Tensor | None = None,
    ) -> None:
        self.capacity = capacity or config.context_length
        shape = (config.n_layers, batch, 2 * config.n_kv_heads, self.capacity, config.d_head)
        like = torch.empty(0) if like is None else like
        self.layers = [LayerCache(kv) for kv in like.new_zeros(shape)]

    @property
    def length(self) -> int:
        """How many positions are filled."""
        return self.layers[0].length

    @property
    def nbytes(self) -> int:
        """Of all layers' keys and values, filled or not."""
        return sum(layer.kv.nbytes for layer in self.layers)

    def copy(
        self,
        capacity: int | None = None,
        length: int | None = None,
        rows: Sequence[int] | None = None,
    ) -> KVCache:
        """An independent cache with the same contents, so that two continuations can share a past.

        `capacity` is that of the copy, by default the same; `length` keeps only the first so many
        positions; `rows` are the sequences of the batch that go on, one as often as it is named.
        """
        twin = object.__new__(KVCache)
        twin.capacity = self.capacity if capacity is None else capacity
        kept = self.length if length is None else length
        room = (0, 0, 0, twin.capacity - kept)
        kept_rows = slice(None) if rows is None else list(rows)
        twin.layers = [
            LayerCache(F.pad(layer.kv[kept_rows, :, :kept], room)) for layer in self.layers
        ]
        for layer in twin.layers:
            layer.length = kept
        return twin


def _counted(kv: Tensor) -> str:
    return f"{kv.shape[0]} sequences with {kv.shape[1] // 2} key-value heads"
