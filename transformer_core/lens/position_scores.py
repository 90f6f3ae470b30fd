"""What position alone contributes to a score, as a function of the distance between two tokens."""

from __future__ import annotations

import torch
from torch import Tensor


def sinusoidal_by_distance(d_model: int, n: int) -> Tensor:
    """PE(p) . PE(p + k) = sum over i of cos(k / 10000^(2i/d)), whatever p; k from 0 to n - 1."""
    frequencies = 10_000 ** (-torch.arange(0, d_model, 2, dtype=torch.float32) / d_model)
    return (torch.arange(n)[:, None] * frequencies).cos().sum(-1)


def table_by_distance(table: Tensor) -> Tensor:
    """mean over p of table[p] . table[p + k], for k from 0 to the last row, [distance]."""
    products = table @ table.mT
    return torch.stack([products.diagonal(k).mean() for k in range(len(table))])


def rope_by_distance(q: Tensor, k: Tensor, base: float, n: int) -> Tensor:
    """q . R(-distance) k for unrotated q and k [d_head], distances 0 to n - 1 (2104.09864, eq. 16).

    In complex form: Re sum over pairs of q_i conj(k_i) e^(i distance theta_i).
    """
    half = len(q) // 2
    pairs = torch.complex(q[:half], q[half:]) * torch.complex(k[:half], -k[half:])
    theta = base ** (-torch.arange(half, dtype=torch.float32) / half)
    angles = torch.arange(n)[:, None] * theta
    return (pairs.real * angles.cos() - pairs.imag * angles.sin()).sum(-1)
