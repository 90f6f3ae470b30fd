"""8-bit weights: a quarter of the bytes to read for each token, and approximate results."""

from __future__ import annotations

from copy import deepcopy

import torch
from torch import Tensor, nn

from transformer_core.linear import Linear
from transformer_core.transformer import Transformer

LARGEST = 127  # of the whole numbers -127 to 127 that stand for a row


class QuantizedLinear(nn.Module):
    """y = (x8 W8) * scale_x * scale_W + b: `Linear` in whole numbers of 8 bits, approximately.

    Each column of W and each row of x is divided by its scale, its largest entry / 127, and
    rounded, so that an entry is off by at most half a scale (arXiv 2208.07339, section 2.1, eq. 3).

    Shapes: x [..., d_in] to [..., d_out]. For reading only: there are no gradients.
    """

    weight: Tensor
    scale: Tensor
    bias: Tensor | None

    def __init__(self, weight: Tensor, bias: Tensor | None = None) -> None:
        super().__init__()
        columns, scale = quantize(weight.detach().mT)
        self.register_buffer("weight", columns.contiguous().mT)  # each column in one stretch
        self.register_buffer("scale", scale.squeeze(-1))
        self.register_buffer("bias", None if bias is None else bias.detach())

    def forward(self, x: Tensor) -> Tensor:
        """Apply the map to the last axis."""
        rows, scale = quantize(x.reshape(-1, x.shape[-1]))
        y = torch._int_mm(rows, self.weight) * (scale * self.scale)
        return (y if self.bias is None else y + self.bias).view(*x.shape[:-1], len(self.scale))


def quantize(rows: Tensor) -> tuple[Tensor, Tensor]:
    """round(row / scale), int8 [row, entry], and scale = max |row| / 127, [row, 1]."""
    scale = rows.abs().amax(dim=-1, keepdim=True).clamp_min(1e-20) / LARGEST
    return (rows / scale).round().to(torch.int8), scale


def with_8_bit_weights(model: Transformer) -> Transformer:
    """A second model that computes approximately what the first one does, and faster.

    All matrices are rounded, the unembedding too; embedding, positions and norms are shared with
    the first model, which stays as it is. For reading only: not to be trained or saved.
    """
    shared = {id(parameter): parameter for parameter in model.parameters()}
    twin = deepcopy(model, shared)
    for module in list(twin.modules()):
        for name, child in module.named_children():
            if isinstance(child, Linear):
                setattr(module, name, QuantizedLinear(child.weight, child.bias))
    if twin.unembedding is None:
        twin.unembedding = QuantizedLinear(twin.embedding.mT)
    return twin
