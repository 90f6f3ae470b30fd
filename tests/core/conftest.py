"""Every kernel that can run here, whichever this machine would choose."""

import pytest
import torch

KERNELS = ["pytorch"]
if torch.backends.mkldnn.is_available():
    KERNELS.append("onednn")
if torch.backends.mkl.is_available():
    KERNELS.append("mkl")


@pytest.fixture(params=KERNELS)
def kernel(request, monkeypatch):
    monkeypatch.setattr("transformer_core.fast.products.KERNEL", request.param)
    return request.param


@pytest.fixture
def nothing_is_small(monkeypatch):
    """Tiny matrices are multiplied and packed as large ones are."""
    for threshold in ("SMALL", "LARGE", "LONG"):
        monkeypatch.setattr(f"transformer_core.fast.products.{threshold}", 0)
