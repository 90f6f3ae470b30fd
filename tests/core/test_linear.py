"""The affine map: all ways of multiplying agree, with gradients and without."""

from copy import deepcopy

import pytest
import torch
import torch.nn.functional as F

from tests.core.variants import config, filled
from transformer_core.linear import (
    LARGE,
    SMALL,
    Linear,
    lay_out_for_reading,
    lay_side_by_side,
    linear,
    side_by_side,
    spread_rows,
)
from transformer_core.transformer import Transformer

D_IN, D_OUT = 384, 512
KINDS = {"MKL is slow": False} | (
    {"MKL is fast": True} if torch.backends.mkl.is_available() else {}
)


@pytest.fixture(params=KINDS.values(), ids=KINDS, autouse=True)
def machine(request, monkeypatch):
    """Both kinds of processor, whichever this one is; without MKL there is one."""
    monkeypatch.setattr("transformer_core.linear.MKL_IS_FAST", request.param)
    return request.param


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


@pytest.fixture
def large():
    """A layer that is kept packed where MKL is fast, and an input."""
    layer = Linear(768, 1024)
    assert layer.weight.numel() >= LARGE
    torch.nn.init.normal_(layer.weight, std=768**-0.5)
    torch.nn.init.normal_(layer.bias)
    lay_out_for_reading(layer)
    return layer.requires_grad_(False), torch.randn(70, 768)


def formula(layer, x):
    return x @ layer.weight + layer.bias


@torch.no_grad()
@pytest.mark.parametrize("n_rows", [0, 1, 2, 16, 63, 256, 257, 600])
def test_a_packed_matrix_multiplies_any_number_of_rows(large, n_rows):
    layer, _ = large
    x = torch.randn(n_rows, 768)
    torch.testing.assert_close(layer(x), formula(layer, x), atol=1e-5, rtol=1e-5)
    layer.bias = None
    torch.testing.assert_close(layer(x[None]), (x @ layer.weight)[None], atol=1e-5, rtol=1e-5)


@torch.no_grad()
def test_a_changed_matrix_is_not_multiplied_as_it_was(large):
    layer, x = large
    twin = deepcopy(layer)
    layer.weight[5] *= 3
    torch.testing.assert_close(layer(x), formula(layer, x), atol=1e-5, rtol=1e-5)
    twin.weight.data = -twin.weight
    torch.testing.assert_close(twin(x), formula(twin, x), atol=1e-5, rtol=1e-5)
    other = torch.randn(768, 1024)
    called = torch.func.functional_call(layer, {"weight": other}, (x,))
    torch.testing.assert_close(called, x @ other + layer.bias, atol=1e-4, rtol=1e-5)


def test_a_packed_matrix_has_gradients(large):
    layer, x = large
    layer.requires_grad_(True)(x).sum().backward()
    torch.testing.assert_close(layer.weight.grad, x.sum(0)[:, None].expand(-1, 1024))


def test_only_large_matrices_of_models_that_fit_are_kept_twice(large, machine, monkeypatch):
    layer, _ = large
    assert (layer.packed is not None) == machine
    small = Linear(D_IN, D_OUT)
    lay_out_for_reading(small)
    assert small.packed is None
    monkeypatch.setattr("transformer_core.linear.MOST_PACKED", 1000)
    again = Linear(768, 1024)
    lay_out_for_reading(again)
    assert again.packed is None


@torch.no_grad()
@pytest.mark.parametrize("tied", [True, False])
def test_a_model_laid_out_for_reading_says_the_same(tied):
    model = filled(Transformer(config(vocab_size=2048, d_model=256, tied_embeddings=tied)))
    token_ids = torch.randint(2048, (2, 9), generator=torch.Generator().manual_seed(1))
    expected = model(token_ids)
    lay_out_for_reading(model)
    torch.testing.assert_close(model(token_ids), expected)
    torch.testing.assert_close(model.trace(token_ids).logits, expected)


@pytest.mark.parametrize("n_columns", [1, 1000, 1024, 4096])
def test_rows_are_spread_over_the_cache(n_columns):
    matrix = torch.randn(3, n_columns)
    spread = spread_rows(matrix)
    assert torch.equal(spread, matrix)
    assert spread.stride(1) == 1
    assert 4 * spread.stride(0) % 4096


@torch.no_grad()
def test_maps_of_the_same_vector_lie_side_by_side():
    layers = [Linear(96, d_out, bias=False) for d_out in (640, 192, 192)]
    for layer in layers:
        torch.nn.init.normal_(layer.weight)
    weights = [layer.weight for layer in layers]
    expected = torch.cat(weights, dim=1)
    assert side_by_side(weights) is None
    lay_side_by_side(layers)
    assert torch.equal(side_by_side(weights), expected)
    assert torch.equal(torch.cat([layer.weight for layer in layers], dim=1), expected)
    weights[1][3] = 5
    assert torch.equal(side_by_side(weights)[3, 640:832], torch.full((192,), 5.0))
    assert side_by_side(weights[1:]) is not None
    assert side_by_side(weights[::-1]) is None
    weights[1].data = weights[1].clone()
    assert side_by_side(weights) is None
