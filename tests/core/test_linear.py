"""The affine map and how its weight lies in memory."""

import pytest
import torch

from transformer_core.linear import Linear, empty_matrix


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("shape", [(24,), (1, 24), (7, 24), (2, 3, 24), (0, 3, 24)])
def test_a_layer_is_its_formula(shape, bias):
    layer = Linear(24, 32, bias)
    generator = torch.Generator().manual_seed(0)
    for parameter in layer.parameters():
        torch.nn.init.normal_(parameter, generator=generator)
    x = torch.randn(shape, generator=generator)
    expected = x @ layer.weight + (layer.bias if bias else 0)
    torch.testing.assert_close(layer(x), expected)


def test_a_layer_has_gradients():
    layer = Linear(3, 2)
    layer(torch.ones(5, 3)).sum().backward()
    assert (layer.weight.grad == 5).all()
    assert (layer.bias.grad == 5).all()


@pytest.mark.parametrize("shape", [(3, 8), (8, 3), (4, 4)])
def test_the_longer_side_of_a_matrix_is_contiguous(shape):
    matrix = empty_matrix(*shape)
    assert matrix.shape == shape
    assert matrix.stride(max(range(2), key=lambda axis: (shape[axis], axis))) == 1
