"""Attention tile by tile: exact, and no row of scores is ever held as a whole.

The online softmax (Milakov and Gimelshein 2018, arXiv 1805.02867) needs one number to correct what
a row has collected when a higher score arrives. With it, attention needs no n^2 memory (Rabe and
Staats 2021, arXiv 2112.05682), and the scores never leave an accelerator's fast memory
(FlashAttention, Dao et al. 2022, arXiv 2205.14135, algorithm 1). The loops stand in the order of
FlashAttention-2 (Dao 2023, arXiv 2307.08691): a tile of queries stays while the keys pass by.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from transformer_core.attention import attention_scores, repeat_heads


@dataclass(frozen=True)
class RunningSoftmax:
    """What a row keeps between two tiles of keys, and what the last tile did to it.

    m: the highest score so far; l: the sum of e^(score - m); o: the sum of e^(score - m) v;
    correction: e^(m before - m), by which the last tile multiplied l and o.
    m, l, correction [batch, head, query, 1]; o [batch, head, query, d_head].
    """

    m: Tensor
    l: Tensor  # noqa: E741 - the papers' name
    o: Tensor
    correction: Tensor

    @classmethod
    def empty(cls, q: Tensor, d_head: int) -> RunningSoftmax:
        """Before the first tile, for the rows of q [batch, head, query, ...]."""
        zeros = q.new_zeros(*q.shape[:3], 1)
        return cls(zeros - torch.inf, zeros, zeros.expand(*q.shape[:3], d_head), zeros)

    def after(self, scores: Tensor, v: Tensor) -> RunningSoftmax:
        """One tile more: scores [batch, head, query, key], -inf where hidden; v of its keys."""
        m = torch.maximum(self.m, scores.amax(-1, keepdim=True))
        reference = m.masked_fill(m == -torch.inf, 0)  # of a row that has seen nothing yet
        correction = (self.m - reference).exp()
        powers = (scores - reference).exp()
        l_after = correction * self.l + powers.sum(-1, keepdim=True)
        o_after = correction * self.o + powers @ v
        return RunningSoftmax(m, l_after, o_after, correction)

    @property
    def output(self) -> Tensor:
        """o / l, the softmax over the keys so far times their values; zeros where none was seen."""
        return self.o / self.l.masked_fill(self.l == 0, 1)


@dataclass(frozen=True)
class TileStep:
    """One tile of scores: which queries and keys it holds, and their rows after it."""

    queries: slice
    keys: slice
    state: RunningSoftmax


@dataclass(frozen=True)
class TileSize:
    """How many queries and keys a tile holds, at most.

    Raises:
        ValueError: if either is below 1.
    """

    queries: int
    keys: int

    def __post_init__(self) -> None:
        if min(self.queries, self.keys) < 1:
            raise ValueError(f"a tile of {self.queries} by {self.keys} holds nothing")


def tile_steps(
    q: Tensor, k: Tensor, v: Tensor, mask: Tensor, size: TileSize, bias: Tensor | None = None
) -> Iterator[TileStep]:
    """Every tile in its order; one that the mask hides altogether is passed over.

    Args:
        q: [batch, head, query, d_head].
        k, v: [batch, kv head, key, d_head], not repeated for groups.
        mask: boolean, broadcast to [batch, head, query, key], True = may look.
        size: of a tile.
        bias: [head, query, key], what the position adds to the scores.
    """
    n_query, n_key = q.shape[2], k.shape[2]
    mask = mask.expand(*mask.shape[:-2], n_query, n_key)
    v = repeat_heads(v, q.shape[1] // v.shape[1])
    for queries in cut(n_query, size.queries):
        state = RunningSoftmax.empty(q[:, :, queries], v.shape[3])
        for keys in cut(n_key, size.keys):
            seen = mask[..., queries, keys]
            if seen.any():
                added = None if bias is None else bias[..., queries, keys]
                scores = attention_scores(q[:, :, queries], k[:, :, keys], added)
                state = state.after(scores.masked_fill(~seen, -torch.inf), v[:, :, keys])
                yield TileStep(queries, keys, state)


def tiled_attention(
    q: Tensor, k: Tensor, v: Tensor, mask: Tensor, size: TileSize, bias: Tensor | None = None
) -> Tensor:
    """softmax(q k^T / sqrt(d_head) + bias, masked) v, [batch, head, query, d_head].

    The arguments are those of `tile_steps`; a query that may look nowhere receives zeros.
    """
    output = v.new_zeros(*q.shape[:3], v.shape[3])
    last = {step.queries.start: step for step in tile_steps(q, k, v, mask, size, bias)}
    for step in last.values():
        output[:, :, step.queries] = step.state.output
    return output


def cut(n: int, size: int) -> list[slice]:
    """0 to n in slices of `size`; the last one may be shorter."""
    return [slice(start, min(start + size, n)) for start in range(0, n, size)]
