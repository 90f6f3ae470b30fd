"""One norm, step by step: what it takes away, what it divides by, what its gain and bias make."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from transformer_core.norms import LayerNorm, RMSNorm


@dataclass(frozen=True)
class NormSteps:
    """x - mean, / spread, * gain, + bias; mean and spread [..., 1], the others [..., d_model].

    RMSNorm takes no mean away: its mean is 0 and its spread the root mean square.
    """

    mean: Tensor
    spread: Tensor
    standardised: Tensor
    output: Tensor


def norm_steps(norm: LayerNorm | RMSNorm, x: Tensor) -> NormSteps:
    """The steps behind `norm(x)`: LayerNorm (arXiv 1607.06450) or RMSNorm (arXiv 1910.07467).

    spread = sqrt(mean((x - mean)^2) + eps), so that a standardised vector is sqrt(d_model) long.
    """
    mean = x.mean(-1, keepdim=True) if isinstance(norm, LayerNorm) else torch.zeros_like(x[..., :1])
    spread = ((x - mean).square().mean(-1, keepdim=True) + norm.eps).sqrt()
    standardised = (x - mean) / spread
    output = standardised * norm.gain + (0 if norm.bias is None else norm.bias)
    return NormSteps(mean, spread, standardised, output)
