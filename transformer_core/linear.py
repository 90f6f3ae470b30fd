"""The affine map, with its weight stored as the formula writes it."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

HAS_ONEDNN = torch.backends.mkldnn.is_available()
SMALL = 1 << 17  # entries of a matrix


def mkl_is_fast() -> bool:
    """Whether MKL, which `F.linear` calls on x86, runs here at its full speed.

    On processors that are not Intel's it takes slower paths.
    """
    name = str(torch.cpu.get_capabilities().get("cpu_name", ""))
    return torch.backends.mkl.is_available() and name.startswith("Intel")


MKL_IS_FAST = mkl_is_fast()


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
        return linear(x, self.weight.mT, self.bias)


def linear(x: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """x W^T + b, with the weight as [d_out, d_in], as `F.linear` takes it.

    Where MKL is slow, oneDNN multiplies large matrices up to twice as fast, but takes longer to
    start, knows no gradients and is slower for a single row.
    """
    if HAS_ONEDNN and not MKL_IS_FAST and weight.numel() > SMALL and reads_rows(x):
        return torch.ops.mkldnn._linear_pointwise(x, weight, bias, "none", [], "")
    return F.linear(x, weight, bias)


def reads_rows(x: Tensor) -> bool:
    """Several rows of 32-bit numbers on a CPU, without gradients: where other kernels may pay."""
    plain = x.is_cpu and x.dtype == torch.float32 and not torch.is_grad_enabled()
    return plain and x.numel() > x.shape[-1]


def lay_out_for_reading(model: nn.Module) -> None:
    """Lay each map's matrix as this machine multiplies several rows fastest.

    For trained weights: random ones are drawn in the order of memory, and a seed should give the
    same on every machine.
    """
    for layer in model.modules() if MKL_IS_FAST else ():
        if isinstance(layer, Linear):
            layer.weight.data = layer.weight.data.contiguous()


def empty_matrix(n_rows: int, n_columns: int) -> Tensor:
    """Memory for [n_rows, n_columns] whose longer side is contiguous.

    To multiply one vector, a CPU reads long contiguous stretches two to three times as fast.
    """
    if n_rows > n_columns:
        return torch.empty(n_columns, n_rows).mT
    return torch.empty(n_rows, n_columns)
