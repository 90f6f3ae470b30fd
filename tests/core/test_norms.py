"""Norms against PyTorch's own and by hand."""

import pytest
import torch
from torch import nn

from tests.core.variants import config, filled, random
from transformer_core.norms import NORMS, LayerNorm, RMSNorm


def test_layer_norm_is_pytorchs():
    ours, theirs = filled(LayerNorm(config(norm_eps=1e-3))), nn.LayerNorm(16, eps=1e-3)
    theirs.load_state_dict({"weight": ours.gain, "bias": ours.bias})
    x = 5 * random(2, 3, 16) + 1
    torch.testing.assert_close(ours(x), theirs(x))


def test_layer_norm_without_bias_is_pytorchs():
    ours, theirs = filled(LayerNorm(config(bias=False))), nn.LayerNorm(16, bias=False)
    theirs.load_state_dict({"weight": ours.gain})
    torch.testing.assert_close(ours(random(2, 3, 16)), theirs(random(2, 3, 16)))


def test_rms_norm_is_pytorchs():
    ours, theirs = filled(RMSNorm(config(norm_eps=1e-3))), nn.RMSNorm(16, eps=1e-3)
    theirs.load_state_dict({"weight": ours.gain})
    x = 5 * random(2, 3, 16) + 1
    torch.testing.assert_close(ours(x), theirs(x))


def test_layer_norm_by_hand():
    norm = LayerNorm(config(d_model=4))
    expected = torch.tensor([-1.5, -0.5, 0.5, 1.5]) / 1.25**0.5
    torch.testing.assert_close(norm(torch.tensor([1.0, 2, 3, 4])), expected, atol=1e-5, rtol=0)


def test_rms_norm_by_hand():
    norm = RMSNorm(config(d_model=4))
    expected = torch.tensor([1.0, 2, 3, 4]) / 7.5**0.5
    torch.testing.assert_close(norm(torch.tensor([1.0, 2, 3, 4])), expected, atol=1e-5, rtol=0)


@pytest.mark.parametrize("name", NORMS)
def test_the_size_of_a_vector_is_forgotten(name):
    norm = filled(NORMS[name](config(norm_eps=1e-12)))
    x = random(3, 16)
    torch.testing.assert_close(norm(x), norm(100 * x), atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize("name", NORMS)
def test_a_vector_of_zeros_stays_finite(name):
    assert NORMS[name](config())(torch.zeros(16)).isfinite().all()


@pytest.mark.parametrize("name", NORMS)
def test_a_new_norm_changes_no_direction(name):
    x = random(5, 16)
    x = x - x.mean(-1, keepdim=True)
    y = NORMS[name](config())(x)
    torch.testing.assert_close(torch.cosine_similarity(x, y, dim=-1), torch.ones(5))
