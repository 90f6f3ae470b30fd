"""Normalisation: a token's vector brought to a common size."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor, nn, ones, zeros

from transformer_core.config import TransformerConfig


class LayerNorm(nn.Module):
    """(x - mean) / sqrt(variance + eps) * gain + bias, over the last axis.

    Shapes: [..., d_model] to the same. Source: Ba et al. 2016, arXiv 1607.06450, eq. 3.
    """

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        self.eps = config.norm_eps
        self.gain = nn.Parameter(ones(config.d_model))
        self.bias = nn.Parameter(zeros(config.d_model)) if config.bias is True else None

    def forward(self, x: Tensor) -> Tensor:
        """Normalise each vector on its own."""
        return F.layer_norm(x, self.gain.shape, self.gain, self.bias, self.eps)


class RMSNorm(nn.Module):
    """x / sqrt(mean(x^2) + eps) * gain, over the last axis.

    Shapes: [..., d_model] to the same. Source: Zhang and Sennrich 2019, arXiv 1910.07467, eq. 4.
    """

    bias = None

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        self.eps = config.norm_eps
        self.gain = nn.Parameter(ones(config.d_model))

    def forward(self, x: Tensor) -> Tensor:
        """Normalise each vector on its own."""
        return F.rms_norm(x, self.gain.shape, self.gain, self.eps)


NORMS: dict[str, type[LayerNorm] | type[RMSNorm]] = {"layer_norm": LayerNorm, "rms_norm": RMSNorm}
