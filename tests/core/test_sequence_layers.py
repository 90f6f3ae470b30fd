"""Reach and time of layers: against what can be known beforehand, and with a clock of our own."""

from itertools import pairwise

import pytest
import torch
from torch import nn

from transformer_core.lens import sequence_layers
from transformer_core.lens.sequence_layers import (
    ATTENTION,
    LSTM_LAYER,
    NAMES,
    RNN_LAYER,
    Start,
    fastest_step,
    make_layer,
    reach,
    reach_at_start,
)

each_name = pytest.mark.parametrize("name", NAMES)


class Halving(nn.Module):
    """The last output feels k steps back 0.5^k times as much as itself."""

    def forward(self, x):
        n = torch.arange(x.shape[1])
        return torch.tril(0.5 ** (n[:, None] - n).clamp(0).float()) @ x


def test_the_reach_of_a_layer_that_halves_halves_with_each_step():
    found = reach(Halving(), torch.randn(2, 9, 4))
    assert (found / found[0]).tolist() == pytest.approx([0.5**k for k in range(9)])


@each_name
def test_the_reach_is_that_of_finite_differences(name):
    layer = make_layer(name, 8, 16, seed=1).double()
    x = torch.randn(1, 6, 8, generator=torch.Generator().manual_seed(0)).double()
    found = reach(layer, x)
    u = torch.randn(1, 8, generator=torch.Generator().manual_seed(0)).double()
    for k in (0, 3):
        slopes = []
        for i in range(8):
            moved = [x.clone(), x.clone()]
            moved[0][0, 5 - k, i] += 1e-3
            moved[1][0, 5 - k, i] -= 1e-3
            up, down = ((u * layer(each)[:, -1]).sum() for each in moved)
            slopes.append((up - down) / 2e-3)
        assert found[k].item() == pytest.approx(torch.stack(slopes).norm().item(), rel=2e-3)


@each_name
def test_a_layer_is_causal_and_begins_as_its_seed_says(name):
    x = torch.randn(1, 12, 16, generator=torch.Generator().manual_seed(0))
    other = x.clone()
    other[:, 8:] += 1
    layer = make_layer(name, 16, 12, seed=1)
    torch.testing.assert_close(layer(x)[:, :8], layer(other)[:, :8])
    assert torch.equal(layer(x), make_layer(name, 16, 12, seed=1)(x))
    assert not torch.allclose(layer(x), make_layer(name, 16, 12, seed=2)(x))


def at(name, k, **start):
    return float(reach_at_start(name, 32, 65, (1, 2), Start(**start))[k])


def test_an_rnn_vanishes_or_explodes_with_the_scale_of_its_matrix():
    assert at(RNN_LAYER, 64, scale=0.5) < 1e-15
    assert at(RNN_LAYER, 64, scale=3.0) > 1e3


def test_an_lstm_keeps_more_the_wider_its_forget_gates_are_open():
    found = [at(LSTM_LAYER, 64, forget_bias=bias) for bias in (-1.0, 0.0, 1.0, 2.0)]
    assert all(a < b / 10 for a, b in pairwise(found))


def test_attention_reaches_all_distances_alike():
    found = reach_at_start(ATTENTION, 32, 65, (1, 2))
    assert found[1:].max() < 5 * found[1:].min()
    assert found[0] == 1


def test_the_least_of_several_steps_counts_and_long_ones_are_left_out(monkeypatch):
    clock = iter([0, 5, 10, 13, 20, 27])
    now = iter([0, 0, 0.1, 0.1, 0.101, 0.2, 0.3, 0.3, 0.35, 0.35, 0.4])
    monkeypatch.setattr(sequence_layers, "CLOCK", lambda: next(clock))
    monkeypatch.setattr(sequence_layers, "perf_counter", lambda: next(now))
    layer = make_layer(RNN_LAYER, 8, 8, seed=1)
    assert fastest_step(layer, torch.zeros(1, 8, 8), most=0.46) == 3
    now = iter([0, 0, 0.1, 0.1, 0.3])
    assert fastest_step(layer, torch.zeros(1, 8, 8), most=0.2) is None
    assert layer.weight_hh_l0.grad is None
