"""x W^T + b for several rows, by the kernel that is fastest on this machine."""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

Product = Callable[..., Tensor]  # x [..., d_in] and a bias [d_out] or None to [..., d_out]

SMALL = 1 << 17  # entries of a matrix for which oneDNN takes too long to start
LARGE, LONG = 1 << 19, 256  # entries of a matrix and of its rows that pay for a packed copy
PACKED_ROWS = 256  # MKL orders for a number of rows; with this, 16 to 512 are fast
PAGE, CACHE_LINE = 1024, 16  # of 32-bit numbers


def kernel() -> str:
    """Whose products are the fastest on this processor: MKL's, oneDNN's, or PyTorch's choice.

    MKL, which PyTorch chooses where it can, reaches its full speed on Intel's. On others it does
    without AVX-512, with which oneDNN is up to twice as fast.
    """
    processor = torch.cpu.get_capabilities()
    if torch.backends.mkl.is_available():
        if str(processor.get("cpu_name", "")).startswith("Intel"):
            return "mkl"
        if not processor.get("avx512_f"):
            return "pytorch"
    return "onednn" if torch.backends.mkldnn.is_available() else "pytorch"


KERNEL = kernel()


def product(weight: Tensor, packing: bool) -> Product:
    """x W^T + b as a function of x and b, without gradients.

    Args:
        weight: [d_out, d_in], float32, on the CPU.
        packing: whether a large matrix may lie in memory a second time.
    """
    if KERNEL == "pytorch" or (KERNEL == "onednn" and weight.numel() <= SMALL):
        return lambda x, bias=None: F.linear(x, weight, bias)
    rows = by_onednn(weight) if KERNEL == "onednn" else by_mkl(weight, packing)

    def multiply(x: Tensor, bias: Tensor | None = None) -> Tensor:
        one = x.numel() <= x.shape[-1]
        return F.linear(x, weight, bias) if one else rows(x, bias)

    return multiply


def by_onednn(weight: Tensor) -> Product:
    """From the matrix as it lies."""
    return lambda x, bias: torch.ops.mkldnn._linear_pointwise(x, weight, bias, "none", [], "")


def by_mkl(weight: Tensor, packing: bool) -> Product:
    """From a copy in the order in which MKL multiplies, where the matrix is large.

    MKL otherwise brings it into that order for every product, which takes up to a quarter of the
    time. It would copy the bias to every row first; to add it afterwards is faster.
    """
    if not packing or weight.numel() < LARGE or weight.shape[1] < LONG:
        return lambda x, bias: added(F.linear(x, weight), bias)
    packed = torch.ops.mkl._mkl_reorder_linear_weight(weight.contiguous(), PACKED_ROWS)

    def multiply(x: Tensor, bias: Tensor | None) -> Tensor:
        n_rows = x.numel() // x.shape[-1]
        y = torch.ops.mkl._mkl_linear.default(x, packed, weight, None, n_rows)
        return added(y, bias)

    return multiply


def added(y: Tensor, bias: Tensor | None) -> Tensor:
    """Y + b, in place."""
    return y if bias is None else y.add_(bias)


def laid_out(matrix: Tensor) -> Tensor:
    """The same numbers [d_in, d_out] as the kernel reads them fastest.

    MKL: each row in one stretch, and no two rows a multiple of 4,096 bytes apart, since those share
    the same few lines of the cache. Always a copy, because MKL may multiply with yet another one:
    whoever still holds the first writes into neither.
    """
    if KERNEL != "mkl":
        return matrix
    n_rows, n_columns = matrix.shape
    gap = 0 if n_columns % PAGE else CACHE_LINE
    return matrix.new_empty(n_rows, n_columns + gap)[:, :n_columns].copy_(matrix)
