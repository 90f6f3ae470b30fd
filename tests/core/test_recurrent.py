"""RNN and LSTM as their formulas are written, against PyTorch's own layers and cells."""

import pytest
import torch
from torch import nn

from transformer_core.recurrent import LSTM, RNN

LAYERS = {RNN: nn.RNN, LSTM: nn.LSTM}
CELLS = {RNN: nn.RNNCell, LSTM: nn.LSTMCell}
each_layer = pytest.mark.parametrize("kind", LAYERS)


def started(kind, d_model=6, d_hidden=5):
    layer = kind(d_model, d_hidden)
    layer.initialise(1)
    with torch.no_grad():
        for name, parameter in layer.named_parameters():
            if "bias" in name:
                parameter.add_(
                    torch.randn(parameter.shape, generator=torch.Generator().manual_seed(2))
                )
    return layer


def vectors(n=9, d_model=6):
    return torch.randn(3, n, d_model, generator=torch.Generator().manual_seed(0))


@each_layer
@pytest.mark.parametrize("n", [1, 2, 40])
def test_the_formulas_are_pytorch_s_layer(kind, n):
    layer, x = started(kind), vectors(n)
    theirs = LAYERS[kind](6, 5, batch_first=True)
    theirs.load_state_dict(layer.state_dict())
    expected = theirs(x)[0]
    torch.testing.assert_close(layer.trace(x).states, expected, atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(layer(x), expected)


@each_layer
def test_each_step_is_pytorch_s_cell(kind):
    layer, x = started(kind), vectors()
    cell = CELLS[kind](6, 5)
    cell.load_state_dict({k.removesuffix("_l0"): v for k, v in layer.state_dict().items()})
    state, states = None, []
    for x_t in x.unbind(1):
        state = cell(x_t, state)
        states.append(state if kind is RNN else state[0])
    torch.testing.assert_close(layer.trace(x).states, torch.stack(states, 1), atol=1e-5, rtol=1e-5)


@each_layer
def test_both_ways_have_the_same_gradients(kind):
    layer, x = started(kind), vectors()
    found = []
    for states in (layer(x), layer.trace(x).states):
        found.append(torch.autograd.grad(states.square().sum(), list(layer.parameters())))
    for ours, theirs in zip(*found, strict=True):
        torch.testing.assert_close(ours, theirs, atol=1e-4, rtol=1e-4)


def test_an_lstm_by_hand():
    """Gates of one half, what is offered tanh(1): c = f c + i g = 0.5 g, then 0.75 g."""
    layer = LSTM(1, 1)
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.zero_()
        layer.weight_ih_l0[2] = 1.0
    trace = layer.trace(torch.ones(1, 2, 1))
    offered = torch.tanh(torch.tensor(1.0))
    torch.testing.assert_close(trace.cell.flatten(), torch.tensor([0.5, 0.75]) * offered)
    torch.testing.assert_close(trace.states, 0.5 * trace.cell.tanh())


def test_initialisation():
    rnn, lstm = RNN(64, 64), LSTM(64, 64)
    rnn.initialise(1, scale=2.0)
    lstm.initialise(1, forget_bias=3.0)
    assert rnn.weight_hh_l0.std().item() == pytest.approx(2 / 8, rel=0.05)
    assert rnn.weight_ih_l0.std().item() == pytest.approx(1 / 8, rel=0.05)
    bias = lstm.bias_ih_l0 + lstm.bias_hh_l0
    assert bias.tolist() == [0.0] * 64 + [3.0] * 64 + [0.0] * 128
