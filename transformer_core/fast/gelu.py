"""GELU of many numbers in half the time."""

from __future__ import annotations

from math import pi, sqrt

import torch
from torch import Tensor

from transformer_core.feed_forward import gelu_tanh

SLOPE = sqrt(8 / pi)


def gelu_by_sigmoid(x: Tensor) -> Tensor:
    """`gelu_tanh` as x sigmoid(2 u), u = sqrt(2 / pi) (x + 0.044715 x^3), without gradients.

    PyTorch's own kernel takes twice as long for several rows.
    """
    if torch.is_grad_enabled() or x.dim() == 0 or x.numel() <= x.shape[-1]:
        return gelu_tanh(x)
    doubled = torch.addcmul(torch.tensor(SLOPE), x, x, value=0.044715 * SLOPE).mul_(x)
    return doubled.sigmoid_().mul_(x)
