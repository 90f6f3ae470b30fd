"""All ways of multiplying agree, whichever is the fastest on this machine."""

import pytest
import torch
import torch.nn.functional as F

from transformer_core.fast import products
from transformer_core.fast.products import LARGE, SMALL, by_mkl, laid_out, product

CLOSE = {"atol": 1e-4, "rtol": 1e-5}


@pytest.mark.parametrize("with_bias", [True, False])
@pytest.mark.parametrize(
    "shape", [(768,), (1, 768), (7, 768), (2, 3, 768), (0, 3, 768), (300, 768)]
)
def test_a_large_product_is_pytorchs(kernel, shape, with_bias):
    assert 768 * 1024 >= LARGE > SMALL
    generator = torch.Generator().manual_seed(0)
    matrix = laid_out(torch.randn(768, 1024, generator=generator) / 768**0.5)
    bias = torch.randn(1024, generator=generator) if with_bias else None
    x = torch.randn(shape, generator=generator)
    before = x.clone()
    with torch.inference_mode():
        for packing in (True, False):
            multiplied = product(matrix.mT, packing)(x, bias)
            torch.testing.assert_close(multiplied, F.linear(x, matrix.mT, bias), **CLOSE)
    assert torch.equal(x, before)


@pytest.mark.skipif(not torch.backends.mkl.is_available(), reason="there is no MKL here")
def test_only_large_matrices_of_models_that_fit_are_kept_twice(monkeypatch):
    packed = []
    monkeypatch.setattr(
        torch.ops.mkl,
        "_mkl_reorder_linear_weight",
        lambda weight, rows: packed.append(weight.shape),
    )
    for shape, packing in (
        ((1024, 768), True),
        ((1024, 768), False),
        ((128, 512), True),
        ((8192, 128), True),
    ):
        by_mkl(torch.zeros(shape), packing)
    assert packed == [(1024, 768)]


@pytest.mark.parametrize("n_columns", [1, 1000, 1024, 4096])
def test_mkl_reads_rows_that_are_spread_over_the_cache(monkeypatch, n_columns):
    monkeypatch.setattr(products, "KERNEL", "mkl")
    matrix = torch.randn(3, n_columns)
    spread = laid_out(matrix)
    assert torch.equal(spread, matrix)
    assert spread.data_ptr() != matrix.data_ptr()
    assert spread.stride(1) == 1
    assert 4 * spread.stride(0) % 4096


@pytest.mark.parametrize(
    ("processor", "has_mkl", "expected"),
    [
        ({"cpu_name": "Intel(R) Xeon(R)", "avx512_f": True}, True, "mkl"),
        ({"cpu_name": "AMD EPYC", "avx512_f": True}, True, "onednn"),
        ({"cpu_name": "AMD EPYC", "avx512_f": False}, True, "pytorch"),
        ({}, False, "onednn"),
    ],
)
def test_the_kernel_follows_from_the_processor(monkeypatch, processor, has_mkl, expected):
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: processor)
    monkeypatch.setattr(torch.backends.mkl, "is_available", lambda: has_mkl)
    monkeypatch.setattr(torch.backends.mkldnn, "is_available", lambda: True)
    assert products.kernel() == expected
