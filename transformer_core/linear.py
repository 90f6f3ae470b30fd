"""The affine map, with its weight stored as the formula writes it."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class Linear(nn.Module):
    """y = x W + b.

    `weight` has the shape [d_in, d_out], so that the formula reads as it is written.

    Shapes: x [..., d_in] to [..., d_out].
    """

    def __init__(self, d_in: int, d_out: int, bias: bool = True) -> None:
        super().__init__()
        self.weight = nn.Parameter(empty_matrix(d_in, d_out))
        self.bias = nn.Parameter(torch.zeros(d_out)) if bias else None

    def forward(self, x: Tensor) -> Tensor:
        """Apply the map to the last axis."""
        return F.linear(x, self.weight.mT, self.bias)


def empty_matrix(n_rows: int, n_columns: int) -> Tensor:
    """Memory for [n_rows, n_columns] whose longer side is contiguous.

    To multiply one vector, a CPU reads long contiguous stretches two to three times as fast.
    """
    if n_rows > n_columns:
        return torch.empty(n_columns, n_rows).mT
    return torch.empty(n_rows, n_columns)
