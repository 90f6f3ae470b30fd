"""The affine map: both ways of multiplying agree, with gradients and without."""

import pytest
import torch
import torch.nn.functional as F

from transformer_core.linear import SMALL, Linear, lay_out_for_reading, linear

D_IN, D_OUT = 384, 512


@pytest.fixture(params=[True, False], ids=["MKL is fast", "MKL is slow"], autouse=True)
def machine(request, monkeypatch):
    """Both kinds of processor, whichever this one is."""
    monkeypatch.setattr("transformer_core.linear.MKL_IS_FAST", request.param)


@pytest.mark.parametrize("shape", [(D_IN,), (1, D_IN), (7, D_IN), (2, 3, D_IN), (0, 3, D_IN)])
@pytest.mark.parametrize("transposed", [False, True])
@pytest.mark.parametrize("with_bias", [False, True])
def test_a_large_product_equals_pytorchs(shape, transposed, with_bias):
    assert D_IN * D_OUT > SMALL
    generator = torch.Generator().manual_seed(0)
    weight = torch.randn(D_OUT, D_IN, generator=generator) / D_IN**0.5
    weight = weight.mT.contiguous().mT if transposed else weight
    bias = torch.randn(D_OUT, generator=generator) if with_bias else None
    x = torch.randn(shape, generator=generator)
    with torch.no_grad():
        torch.testing.assert_close(linear(x, weight, bias), F.linear(x, weight, bias))


def test_a_large_product_has_gradients():
    weight = torch.ones(D_OUT, D_IN, requires_grad=True)
    linear(torch.ones(3, D_IN), weight).sum().backward()
    assert (weight.grad == 3).all()


def test_a_layer_is_its_formula():
    for d_in, d_out in ((D_IN, D_OUT), (D_OUT, D_IN)):
        layer, x = Linear(d_in, d_out), torch.randn(5, d_in)
        torch.nn.init.normal_(layer.weight, std=d_in**-0.5)
        torch.nn.init.normal_(layer.bias)
        expected = x @ layer.weight + layer.bias
        with torch.no_grad():
            torch.testing.assert_close(layer(x), expected)
            lay_out_for_reading(layer)
            torch.testing.assert_close(layer(x), expected)
