"""Attention masks: boolean tensors, True = may look, combined with `&`.

Rows are queries, columns are keys. Where there are more keys than queries, the queries are the
last ones (decoding with a cache). Patterns that look both ways become a decoder's with
`& causal_mask(n_query, n_key)`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor


def full_mask(n_query: int, n_key: int | None = None) -> Tensor:
    """Every token may look everywhere, as in an encoder."""
    return torch.ones(n_query, n_key or n_query, dtype=torch.bool)


def causal_mask(n_query: int, n_key: int | None = None) -> Tensor:
    """No token sees the future: key <= query (arXiv 1706.03762, 3.2.3)."""
    n_key = n_key or n_query
    return torch.ones(n_query, n_key, dtype=torch.bool).tril_(n_key - n_query)


def sliding_window_mask(n_query: int, n_key: int | None = None, window: int = 3) -> Tensor:
    """Only near tokens: |query - key| < window (Longformer, arXiv 2004.05150, 3.1).

    With a causal mask these are the last `window` tokens, itself included (arXiv 2310.06825, 2).
    """
    query, key = positions(n_query, n_key)
    return (query - key).abs() < window


def dilated_mask(
    n_query: int, n_key: int | None = None, window: int = 3, dilation: int = 2
) -> Tensor:
    """A window with gaps: every `dilation`-th token of a wider one (arXiv 2004.05150, 3.1)."""
    query, key = positions(n_query, n_key)
    distance = (query - key).abs()
    return (distance < window * dilation) & (distance % dilation == 0)


def strided_mask(n_query: int, n_key: int | None = None, stride: int = 4) -> Tensor:
    """The last `stride` tokens and every `stride`-th one (Sparse Transformers, 1904.10509, 4.3)."""
    query, key = positions(n_query, n_key)
    distance = (query - key).abs()
    return (distance < stride) | (distance % stride == 0)


def chunked_mask(n_query: int, n_key: int | None = None, chunk: int = 4) -> Tensor:
    """Only tokens of one's own chunk: query // chunk == key // chunk (arXiv 1904.10509, 4.3)."""
    query, key = positions(n_query, n_key)
    return query // chunk == key // chunk


def block_sparse_mask(
    n_query: int, n_key: int | None = None, block: int = 2, n_global: int = 1
) -> Tensor:
    """Whole blocks: one's own, its neighbours, and `n_global` first ones that see and are seen.

    BigBird (arXiv 2007.14062, section 2) without its random blocks.
    """
    query, key = (place // block for place in positions(n_query, n_key))
    return ((query - key).abs() <= 1) | (query < n_global) | (key < n_global)


def prefix_mask(n_query: int, n_key: int | None = None, prefix: int = 3) -> Tensor:
    """The first `prefix` tokens see each other, the rest is causal (arXiv 1910.10683, 3.2.1)."""
    query, key = positions(n_query, n_key)
    return (key <= query) | (key < prefix)


def document_mask(ids: Tensor, n_query: int | None = None) -> Tensor:
    """Packed documents do not see each other: id of query == id of key (arXiv 2107.02027).

    Shapes: ids [key] to [query, key]; ids [batch, key] to [batch, 1, query, key].
    """
    queries = ids[..., ids.shape[-1] - (n_query or ids.shape[-1]) :]
    mask = queries[..., :, None] == ids[..., None, :]
    return mask if ids.ndim == 1 else mask[:, None]


def padding_mask(lengths: Tensor, n_key: int) -> Tensor:
    """Nobody looks at padding: key < length; lengths [batch] to [batch, 1, 1, key]."""
    return (torch.arange(n_key, device=lengths.device) < lengths[:, None])[:, None, None]


def cross_mask(source_lengths: Tensor, n_query: int, n_key: int) -> Tensor:
    """A decoder's queries see the source without its padding; to [batch, 1, query, key]."""
    return padding_mask(source_lengths, n_key).expand(-1, -1, n_query, -1)


def positions(n_query: int, n_key: int | None = None) -> tuple[Tensor, Tensor]:
    """Where queries and keys stand: [query, 1] and [key]; the last query stands at the last key."""
    key = torch.arange(n_key or n_query)
    return key[len(key) - n_query :, None], key


@dataclass(frozen=True)
class MaskParameter:
    """A setting of a mask: a whole number of at least `least`, or several where so by default."""

    name: str
    title: str
    default: int | tuple[int, ...]
    least: int = 1


@dataclass(frozen=True)
class MaskKind:
    """A mask for a menu; `make(n_query, n_key, **parameters)` gives [(batch, 1,) query, key]."""

    title: str
    make: Callable[..., Tensor]
    parameters: tuple[MaskParameter, ...] = ()


def _documents(n_query: int, n_key: int, lengths: Sequence[int]) -> Tensor:
    ends = torch.tensor(lengths).cumsum(0)
    return document_mask(torch.searchsorted(ends, torch.arange(n_key), right=True), n_query)


def _padding(n_query: int, n_key: int, lengths: Sequence[int]) -> Tensor:
    return padding_mask(torch.tensor(lengths), n_key).expand(-1, -1, n_query, -1)


def _cross(n_query: int, n_key: int, source_lengths: Sequence[int]) -> Tensor:
    return cross_mask(torch.tensor(source_lengths), n_query, n_key)


_WINDOW = MaskParameter("window", "Tokens to each side, itself included", 3)

MASKS: dict[str, MaskKind] = {
    "full": MaskKind("Full", full_mask),
    "causal": MaskKind("Causal", causal_mask),
    "sliding_window": MaskKind("Sliding window", sliding_window_mask, (_WINDOW,)),
    "dilated": MaskKind(
        "Dilated window", dilated_mask, (_WINDOW, MaskParameter("dilation", "Every n-th token", 2))
    ),
    "strided": MaskKind("Strided", strided_mask, (MaskParameter("stride", "Stride", 4),)),
    "chunked": MaskKind("Chunked", chunked_mask, (MaskParameter("chunk", "Tokens per chunk", 4),)),
    "block_sparse": MaskKind(
        "Block-sparse",
        block_sparse_mask,
        (
            MaskParameter("block", "Tokens per block", 2),
            MaskParameter("n_global", "Global blocks", 1, least=0),
        ),
    ),
    "prefix": MaskKind(
        "Prefix", prefix_mask, (MaskParameter("prefix", "Tokens in the prefix", 3, least=0),)
    ),
    "document": MaskKind(
        "Documents", _documents, (MaskParameter("lengths", "Tokens of each document", (3, 3)),)
    ),
    "padding": MaskKind(
        "Padding", _padding, (MaskParameter("lengths", "Tokens of each sentence", (4,)),)
    ),
    "cross": MaskKind(
        "Cross-attention",
        _cross,
        (MaskParameter("source_lengths", "Tokens of each source sentence", (4,)),),
    ),
}
