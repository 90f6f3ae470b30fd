"""Attention that computes only the scores it may use: windows and chunks, in time linear in n.

Shapes: q, k, v and the result [batch, head, position, d_head]; keys already repeated for groups.
Equal to dense attention under the masks of `masks.py`; a test holds it.
"""

from __future__ import annotations

from math import sqrt

import torch
import torch.nn.functional as F
from torch import Tensor


def window_attention(q: Tensor, k: Tensor, v: Tensor, window: int) -> Tensor:
    """Each query reads the last `window` keys, itself included: 2 n `window` scores, not n^2.

    Queries are cut into blocks of `window`. The keys that a block may see lie in the block itself
    and in the one before it (Longformer's sliding chunks, arXiv 2004.05150, appendix A).
    """
    n = q.shape[2]
    q, k, v = (_blocks(x, window) for x in (q, k, v))
    k, v = (torch.cat((_block_before(x), x), dim=3) for x in (k, v))
    query, key = torch.arange(window)[:, None], torch.arange(-window, window)
    seen = (key <= query) & (query - key < window)
    seen = seen.repeat(q.shape[2], 1, 1)
    seen[0, :, :window] = False  # nothing stands before the first block
    scores = (q @ k.mT / sqrt(q.shape[-1])).masked_fill(~seen, -torch.inf)
    return (scores.softmax(dim=-1) @ v).flatten(2, 3)[:, :, :n]


def chunk_attention(q: Tensor, k: Tensor, v: Tensor, chunk: int) -> Tensor:
    """Each chunk is a text of its own: n `chunk` scores (arXiv 1904.10509, 4.3; Llama 4)."""
    n = q.shape[2]
    q, k, v = (_blocks(x, chunk) for x in (q, k, v))
    return F.scaled_dot_product_attention(q, k, v, is_causal=True).flatten(2, 3)[:, :, :n]


def _blocks(x: Tensor, size: int) -> Tensor:
    """[..., position, d] to [..., block, size, d], the last block filled up with zeros."""
    return F.pad(x, (0, 0, 0, -x.shape[2] % size)).unflatten(2, (-1, size))


def _block_before(x: Tensor) -> Tensor:
    """For each block the one before it, zeros for the first."""
    return F.pad(x[:, :, :-1], (0, 0, 0, 0, 1, 0))
