"""8-bit weights: a quarter of the bytes to read for each token, and approximate results."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy

import torch
from torch import Tensor, nn

from transformer_core.attention import Attention
from transformer_core.linear import Linear
from transformer_core.transformer import Transformer

HAS_VNNI = bool(torch.cpu.get_capabilities().get("avx512_vnni"))
LARGEST = 127  # of the whole numbers -127 to 127 that stand for a row
LARGEST_IN_PAIRS = 63  # of a weight where pairs of products are added in 16 bits, for want of VNNI


class QuantizedLinear(nn.Module):
    """y = (x8 W8) * scale_x * scale_W + b: `Linear` in whole numbers of 8 bits, approximately.

    Each column of W and each row of x is divided by its scale, its largest entry / 127, and
    rounded, so that an entry is off by at most half a scale (arXiv 2208.07339, section 2.1, eq. 3).
    Where the processor has no VNNI instructions, W gets 7 bits: 63 instead of 127.

    Shapes: x [..., d_in] to [..., d_out]. For reading only: there are no gradients.
    """

    bias: Tensor | None
    joined: QuantizedLinear  # of a query's map: with key and value side by side, for decoding

    def __init__(self, weight: Tensor, bias: Tensor | None = None) -> None:
        super().__init__()
        largest = LARGEST if HAS_VNNI else LARGEST_IN_PAIRS
        columns, scale = quantize(weight.detach().mT, largest)
        self.multiply = multiplication(columns, scale.squeeze(-1))
        self.register_buffer("bias", None if bias is None else bias.detach())

    def forward(self, x: Tensor) -> Tensor:
        """Apply the map to the last axis."""
        rows, scale = quantize(x.reshape(-1, x.shape[-1]))
        y = self.multiply(rows).mul_(scale)
        return (y if self.bias is None else y.add_(self.bias)).view(*x.shape[:-1], y.shape[-1])


def multiplication(columns: Tensor, scale: Tensor) -> Callable[[Tensor], Tensor]:
    """x8 [row, d_in], int8, to (x8 W8) * scale_W [row, d_out], the sums in whole numbers.

    With instructions for it (VNNI), from a copy in the order in which oneDNN multiplies: up to
    twice as fast. That multiplies bytes of 0 to 255 by signed ones, and takes 128 off again.

    Args:
        columns: W8 transposed, [d_out, d_in].
        scale: scale_W, [d_out].
    """
    columns = columns.contiguous()
    if not HAS_VNNI:
        return lambda rows: torch._int_mm(rows, columns.mT) * scale
    packed = torch.ops.onednn.qlinear_prepack(columns, None)
    zeros = torch.zeros(len(scale), dtype=torch.int32)
    product, float32 = torch.ops.onednn.qlinear_pointwise.default, torch.float32

    def multiply(rows: Tensor) -> Tensor:
        rows = rows.view(torch.uint8) ^ 128
        return product(rows, 1.0, 128, packed, scale, zeros, None, 1.0, 0, float32, "none", [], "")

    return multiply


def quantize(rows: Tensor, largest: int = LARGEST) -> tuple[Tensor, Tensor]:
    """round(row / scale), int8 [row, entry], and scale = max |row| / largest, [row, 1]."""
    greatest = torch.linalg.vector_norm(rows, ord=torch.inf, dim=-1, keepdim=True)
    scale = greatest.clamp_min_(1e-20).div_(largest)
    return (rows / scale).round_().to(torch.int8), scale


def with_8_bit_weights(model: Transformer) -> Transformer:
    """A second model that computes approximately what the first one does, and faster.

    All matrices are rounded, the unembedding too, and those of query, key and value a second time
    as one, for decoding; embedding, positions and norms are shared with the first model, which
    stays as it is. For reading only: not to be trained or saved.
    """
    shared = {id(parameter): parameter for parameter in model.parameters()}
    twin = deepcopy(model, shared)
    joined = [rounded_side_by_side(block.attention) for block in twin.blocks]
    for module in list(twin.modules()):
        for name, child in module.named_children():
            if isinstance(child, Linear):
                setattr(module, name, QuantizedLinear(child.weight, child.bias))
    for block, whole in zip(twin.blocks, joined, strict=True):
        block.attention.q_proj.joined = whole
    if twin.unembedding is None:
        twin.unembedding = QuantizedLinear(twin.embedding.mT)
    return twin


def rounded_side_by_side(attention: Attention) -> QuantizedLinear:
    """Query, key and value as one map."""
    maps = (attention.q_proj, attention.k_proj, attention.v_proj)
    biases = [each.bias.data for each in maps if each.bias is not None]
    weight = torch.cat([each.weight.data for each in maps], dim=1)
    return QuantizedLinear(weight, torch.cat(biases) if biases else None)
