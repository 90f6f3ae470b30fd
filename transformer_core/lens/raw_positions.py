"""What happens to a token if its position is added as a plain number and then normalised.

A norm divides by the size of the vector (RMSNorm) or by the deviation of its numbers (LayerNorm).
The larger what was added, the smaller what the norm leaves of the token itself.
"""

from __future__ import annotations

import torch
from torch import Tensor

RAW = ("every number", "one number", "share of the length")


def raw_position(kind: str, n: int, d_model: int, length: int) -> Tensor:
    """Positions 0 to n - 1 as numbers, [position, d_model]: p in every number of the vector, p in
    its last number only, or p / length there.
    """
    p = torch.arange(n, dtype=torch.float32)[:, None]
    if kind == "every number":
        return p.expand(n, d_model)
    last = torch.zeros(d_model)
    last[-1] = 1
    return p * last if kind == "one number" else p / length * last


def norm_scale(x: Tensor, norm: str) -> Tensor:
    """What the norm divides by: deviation (layer_norm) or root mean square; [..., d] to [...]."""
    if norm == "layer_norm":
        x = x - x.mean(-1, keepdim=True)
    return x.square().mean(-1).sqrt()


def surviving(x: Tensor, added: Tensor, norm: str) -> Tensor:
    """scale(x) / scale(x + added): the token's size after the norm, as a share of what it is
    where nothing is added. Shapes: [position, d_model] to [position].
    """
    return norm_scale(x, norm) / norm_scale(x + added, norm)
