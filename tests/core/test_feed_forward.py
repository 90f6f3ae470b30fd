"""Feed-forward networks against PyTorch's own layers and the papers' formulas."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from tests.core.variants import config, filled, random
from transformer_core.config import ACTIVATION_NAMES
from transformer_core.fast.gelu import gelu_by_sigmoid
from transformer_core.feed_forward import ACTIVATIONS, feed_forward

UNGATED = {"relu": nn.ReLU(), "gelu": nn.GELU(), "gelu_tanh": nn.GELU(approximate="tanh")}


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("activation", UNGATED)
def test_ungated_is_two_linear_layers_of_pytorch(activation, bias):
    ours = filled(feed_forward(config(activation=activation, bias=bias)))
    theirs = nn.Sequential(
        nn.Linear(16, 24, bias), UNGATED[activation], nn.Linear(24, 16, bias)
    ).requires_grad_(False)
    for layer, source in ((theirs[0], ours.up_proj), (theirs[2], ours.down_proj)):
        layer.weight.copy_(source.weight.T)
        if bias:
            layer.bias.copy_(source.bias)
    x = random(2, 3, 16)
    torch.testing.assert_close(ours(x), theirs(x), atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("rows", [1, 7])
@pytest.mark.parametrize("reading", [True, False])
def test_gelu_by_sigmoid_is_pytorchs_from_the_tiniest_to_the_largest_number(rows, reading):
    sizes = torch.logspace(-30, 30, 121)
    x = torch.cat((torch.linspace(-12, 12, 999), sizes, -sizes, torch.zeros(1))).repeat(rows, 1)
    with torch.inference_mode(reading):
        torch.testing.assert_close(gelu_by_sigmoid(x), F.gelu(x, approximate="tanh"))
        torch.testing.assert_close(gelu_by_sigmoid(x[0, 0]), F.gelu(x[0, 0], approximate="tanh"))


def test_gelu_by_sigmoid_has_its_gradient():
    ours, theirs = (random(3, 16).requires_grad_() for _ in range(2))
    gelu_by_sigmoid(ours).sum().backward()
    F.gelu(theirs, approximate="tanh").sum().backward()
    torch.testing.assert_close(ours.grad, theirs.grad)


@pytest.mark.parametrize("bias", [True, False])
def test_swiglu_is_its_formula(bias):
    network = filled(feed_forward(config(activation="swiglu", bias=bias)))
    x = random(2, 3, 16)
    gate, up = x @ network.gate_proj.weight, x @ network.up_proj.weight
    if bias:
        gate, up = gate + network.gate_proj.bias, up + network.up_proj.bias
    expected = (gate * torch.sigmoid(gate) * up) @ network.down_proj.weight
    if bias:
        expected = expected + network.down_proj.bias
    torch.testing.assert_close(network(x), expected, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("activation", ACTIVATION_NAMES)
def test_trace_and_forward_agree(activation):
    network = filled(feed_forward(config(activation=activation)))
    x = random(2, 3, 16)
    trace = network.trace(x)
    torch.testing.assert_close(trace.output, network(x), atol=1e-5, rtol=1e-5)
    assert trace.pre_activation.shape == trace.hidden.shape == (2, 3, 24)
    assert (trace.up is None) == (activation != "swiglu")
    hidden = ACTIVATIONS[activation](trace.pre_activation)
    expected = hidden if trace.up is None else hidden * trace.up
    torch.testing.assert_close(trace.hidden, expected)


@pytest.mark.parametrize("activation", ACTIVATION_NAMES)
def test_tokens_are_thought_about_on_their_own(activation):
    network = filled(feed_forward(config(activation=activation)))
    x = random(1, 5, 16)
    torch.testing.assert_close(network(x)[:, 3:4], network(x[:, 3:4]), atol=1e-6, rtol=1e-5)


def test_every_activation_of_the_config_exists():
    assert set(ACTIVATIONS) == set(ACTIVATION_NAMES)


def test_activations_by_hand():
    x = torch.tensor([-1.0, 0.0, 2.0])
    assert ACTIVATIONS["relu"](x).tolist() == [0, 0, 2]
    torch.testing.assert_close(ACTIVATIONS["swiglu"](x), x / (1 + (-x).exp()))
    gaussian = 0.5 * (1 + torch.erf(x / 2**0.5))
    torch.testing.assert_close(ACTIVATIONS["gelu"](x), x * gaussian)
    assert not torch.equal(ACTIVATIONS["gelu_tanh"](x), F.gelu(x))


def test_an_activation_of_one_number():
    with torch.no_grad():
        for activation in ACTIVATIONS.values():
            one, row = torch.tensor(-0.3), torch.tensor([-0.3])
            torch.testing.assert_close(activation(one), activation(row)[0])
