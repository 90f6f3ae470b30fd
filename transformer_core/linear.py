"""The affine map, with its weight stored as the formula writes it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import torch
import torch.nn.functional as F
from torch import Tensor, nn

HAS_ONEDNN = torch.backends.mkldnn.is_available()
SMALL = 1 << 17  # entries of a matrix
LARGE, LONG = 1 << 19, 256  # entries of a matrix and of its rows that pay for a packed copy
PACKED_ROWS = 256  # MKL orders for a number of rows; with this, 16 to 512 are fast
MOST_PACKED = 1 << 30  # bytes of a model's weights
PAGE, CACHE_LINE = 1024, 16  # of 32-bit numbers


def mkl_is_fast() -> bool:
    """Whether MKL, which `F.linear` calls on x86, runs here at its full speed.

    On processors that are not Intel's it takes slower paths.
    """
    name = str(torch.cpu.get_capabilities().get("cpu_name", ""))
    return torch.backends.mkl.is_available() and name.startswith("Intel")


MKL_IS_FAST = mkl_is_fast()


@runtime_checkable
class HasMatrix(Protocol):
    """A module that multiplies with matrices of its own."""

    def lay_out(self, packing: bool) -> None:
        """As `lay_out_for_reading` says; with `packing`, a large matrix a second time.

        Called before that of the modules within.
        """


class PackedMatrix:
    """A matrix a second time, in the order in which MKL multiplies.

    MKL otherwise brings a matrix into that order for every product, which takes up to a quarter of
    the time.

    Args:
        weight: [d_out, d_in], float32. After a change of its numbers the packed ones are not used.
    """

    def __init__(self, weight: Tensor) -> None:
        self.weight = weight.detach()
        self.version = weight._version
        self.packed = torch.ops.mkl._mkl_reorder_linear_weight(weight.contiguous(), PACKED_ROWS)

    def __deepcopy__(self, memo: object) -> PackedMatrix:
        """The same: it must not move in memory, and a copied weight does not use it."""
        return self

    def holds(self, weight: Tensor) -> bool:
        """Whether it is this matrix, unchanged."""
        same = weight.data_ptr() == self.weight.data_ptr()
        return same and weight._version == self.version


class Linear(nn.Module):
    """y = x W + b.

    `weight` has the shape [d_in, d_out], so that the formula reads as it is written.

    Shapes: x [..., d_in] to [..., d_out].
    """

    packed: PackedMatrix | None = None

    def __init__(self, d_in: int, d_out: int, bias: bool = True) -> None:
        super().__init__()
        self.weight = nn.Parameter(empty_matrix(d_in, d_out))
        self.bias = nn.Parameter(torch.zeros(d_out)) if bias else None

    def forward(self, x: Tensor) -> Tensor:
        """Apply the map to the last axis."""
        return linear(x, self.weight.mT, self.bias, self.packed)

    def lay_out(self, packing: bool) -> None:
        """As `lay_out_for_reading` says."""
        self.weight.data = spread_rows(self.weight.data)
        self.packed = pack_if_large(self.weight.mT) if packing else None


def linear(
    x: Tensor, weight: Tensor, bias: Tensor | None = None, packed: PackedMatrix | None = None
) -> Tensor:
    """x W^T + b, with the weight as [d_out, d_in], as `F.linear` takes it.

    Where MKL is slow, oneDNN multiplies large matrices up to twice as fast, but takes longer to
    start, knows no gradients and is slower for a single row. MKL would copy the bias to every row
    before it multiplies; to add it afterwards is faster.
    """
    if not reads_rows(x):
        return F.linear(x, weight, bias)
    if HAS_ONEDNN and not MKL_IS_FAST and weight.numel() > SMALL:
        return torch.ops.mkldnn._linear_pointwise(x, weight, bias, "none", [], "")
    if packed is not None and packed.holds(weight):
        n_rows = x.numel() // x.shape[-1]
        y = torch.ops.mkl._mkl_linear.default(x, packed.packed, weight, None, n_rows)
    else:
        y = F.linear(x, weight)
    return y if bias is None else y.add_(bias)


def reads_rows(x: Tensor) -> bool:
    """Several rows of 32-bit numbers on a CPU, without gradients: where other kernels may pay."""
    if x.ndim == 0 or x.numel() <= x.shape[-1]:
        return False
    return x.is_cpu and x.dtype == torch.float32 and not torch.is_grad_enabled()


def lay_out_for_reading(model: nn.Module) -> None:
    """Lay each matrix as this machine multiplies several rows fastest.

    For trained weights: random ones are drawn in the order of memory, and a seed should give the
    same on every machine. Large matrices are kept a second time, unless the model is so large that
    memory counts more.
    """
    n_bytes = sum(4 * parameter.numel() for parameter in model.parameters())
    for module in model.modules() if MKL_IS_FAST else ():
        if isinstance(module, HasMatrix):
            module.lay_out(packing=n_bytes <= MOST_PACKED)


def lay_side_by_side(layers: Sequence[Linear]) -> None:
    """Make the matrices of maps of the same x parts of one, which `side_by_side` finds."""
    joined = spread_rows(torch.cat([each.weight.data for each in layers], dim=1))
    parts = joined.split([each.weight.shape[1] for each in layers], dim=1)
    for each, part in zip(layers, parts, strict=True):
        each.weight.data = part


def side_by_side(weights: Sequence[Tensor]) -> Tensor | None:
    """The matrix [d_in, sum of d_out] whose columns these are in this order, if there is one."""
    first, width = weights[0].detach(), 0
    for weight in weights:
        here = first.data_ptr() + first.element_size() * width
        if weight.data_ptr() != here or weight.stride() != first.stride():
            return None
        width += weight.shape[1]
    return first.as_strided((len(first), width), first.stride())


def pack_if_large(weight: Tensor) -> PackedMatrix | None:
    """[d_out, d_in] packed, where that pays."""
    pays = weight.numel() >= LARGE and weight.shape[1] >= LONG
    return PackedMatrix(weight) if pays else None


def spread_rows(matrix: Tensor) -> Tensor:
    """The same numbers, each row in one stretch, and no two rows a multiple of 4,096 bytes apart.

    Rows that far apart share the same few lines of the cache.
    """
    if matrix.stride(1) == 1 and matrix.stride(0) % PAGE:
        return matrix
    n_rows, n_columns = matrix.shape
    gap = 0 if n_columns % PAGE else CACHE_LINE
    return matrix.new_empty(n_rows, n_columns + gap)[:, :n_columns].copy_(matrix)


def empty_matrix(n_rows: int, n_columns: int) -> Tensor:
    """Memory for [n_rows, n_columns] whose longer side is contiguous.

    To multiply one vector, a CPU reads long contiguous stretches two to three times as fast.
    """
    if n_rows > n_columns:
        return torch.empty(n_columns, n_rows).mT
    return torch.empty(n_rows, n_columns)
