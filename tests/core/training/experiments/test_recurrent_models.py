"""The LSTM and the linear recurrence: against PyTorch's cell, SciPy's filter and the loop."""

from math import isfinite

import pytest
import torch
from scipy.signal import lfilter
from torch import nn

from transformer_core.config import TransformerConfig
from transformer_core.linear_recurrence import (
    Recurrence,
    linear_recurrence,
    one_by_one,
    scan,
)
from transformer_core.training.experiments.recurrence.lstm import LSTM
from transformer_core.training.precision import mixed_precision

CONFIG = TransformerConfig(
    vocab_size=11,
    context_length=64,
    d_model=16,
    n_layers=2,
    n_heads=2,
    n_kv_heads=2,
    d_ff=32,
    norm="rms_norm",
    bias=False,
)
MODELS = {
    "recurrence": lambda: linear_recurrence(CONFIG),
    "LSTM": lambda: LSTM(vocab_size=11, d_model=16, d_hidden=24, n_layers=2),
}
each_model = pytest.mark.parametrize("name", MODELS)


def started(name, seed=1):
    model = MODELS[name]()
    model.initialise(seed)
    return model


def tokens(n_batch=2, n=23):
    return torch.randint(0, 11, (n_batch, n), generator=torch.Generator().manual_seed(0))


def decays_and_inputs(n, dtype=torch.float32):
    generator = torch.Generator().manual_seed(n)
    a = torch.rand(2, n, 3, generator=generator, dtype=dtype)
    b = torch.randn(2, n, 3, generator=generator, dtype=dtype)
    return a.requires_grad_(), b.requires_grad_()


# ------------------------------------------------------------------------------------- the scan


def test_three_steps_by_hand():
    a, b = torch.full((1, 3, 1), 0.5), torch.ones(1, 3, 1)
    assert scan(a, b).flatten().tolist() == [1.0, 1.5, 1.75]
    assert one_by_one(a, b).flatten().tolist() == [1.0, 1.5, 1.75]


@pytest.mark.parametrize("n", [1, 2, 3, 7, 64, 100, 255, 1024])
def test_the_scan_is_the_loop_in_values_and_gradients(n):
    a, b = decays_and_inputs(n)
    weights = torch.randn(2, n, 3, generator=torch.Generator().manual_seed(1))
    found, expected = scan(a, b), one_by_one(a, b)
    torch.testing.assert_close(found, expected, atol=1e-5, rtol=1e-5)
    for ours, theirs in zip(
        torch.autograd.grad(found, (a, b), weights, materialize_grads=True),
        torch.autograd.grad(expected, (a, b), weights, materialize_grads=True),
        strict=True,
    ):
        torch.testing.assert_close(ours, theirs, atol=1e-4, rtol=1e-4)


def test_the_scan_s_gradient_is_that_of_finite_differences():
    assert torch.autograd.gradcheck(scan, decays_and_inputs(5, torch.float64))


@pytest.mark.parametrize("decay", [0.0, 1e-30, 0.9, 0.9999, 1.0])
def test_a_constant_decay_is_scipy_s_filter_at_any_length(decay):
    b = torch.randn(1, 5000, 2, generator=torch.Generator().manual_seed(0))
    expected = torch.from_numpy(lfilter([1], [1, -decay], b.double().numpy(), axis=1)).float()
    torch.testing.assert_close(scan(torch.full_like(b, decay), b), expected, atol=2e-3, rtol=1e-4)


# ------------------------------------------------------------------------------- the recurrence


def test_the_state_is_the_paper_s_minimal_gru():
    """h_t = (1 - z_t) h_{t-1} + z_t h~_t, z_t = sigmoid(linear(x_t)): arXiv 2410.01201, 3.1."""
    torch.manual_seed(0)
    layer = Recurrence(CONFIG)
    for parameter in layer.parameters():
        nn.init.normal_(parameter)
    x, h, expected = torch.randn(1, 9, 16), torch.zeros(1, 16), []
    z_weight, z_bias = -layer.decay_proj.weight, -layer.decay_proj.bias
    for x_t in x.unbind(1):
        z = torch.sigmoid(x_t @ z_weight + z_bias)
        h = torch.lerp(h, x_t @ layer.v_proj.weight, z)
        gate = nn.functional.gelu(x_t @ layer.gate_proj.weight)
        expected.append((gate * h) @ layer.out_proj.weight)
    torch.testing.assert_close(layer(x), torch.stack(expected, 1), atol=1e-4, rtol=1e-4)


def test_a_model_that_scans_is_the_model_that_loops():
    ids, found = tokens(), []
    for over_time in (scan, one_by_one):
        model = linear_recurrence(CONFIG, over_time)
        model.initialise(1)
        logits = model(ids)
        logits.square().sum().backward()
        found.append([logits, *(p.grad for p in model.parameters())])
    for ours, theirs in zip(*found, strict=True):
        torch.testing.assert_close(ours, theirs, atol=1e-4, rtol=1e-4)


def test_channels_remember_from_one_position_to_the_whole_context():
    a = Recurrence(CONFIG).decay_proj.bias.sigmoid().tolist()
    assert a[0] == pytest.approx(1 / 2)
    assert 1 / (1 - a[-1]) == pytest.approx(CONFIG.context_length + 1, rel=1e-3)
    assert a == sorted(a)


# ------------------------------------------------------------------------------------- the LSTM


def test_the_lstm_is_pytorch_s_cell_step_by_step():
    model, ids = started("LSTM"), tokens()
    (stack,) = model.blocks
    x = model.embedding[ids] * 4
    for layer in range(2):
        cell = nn.LSTMCell(x.shape[2], 24)
        names = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
        weights = {name: getattr(stack.lstm, f"{name}_l{layer}") for name in names}
        cell.load_state_dict(weights)
        state, states = None, []
        for x_t in x.unbind(1):
            state = cell(x_t, state)
            states.append(state[0])
        x = torch.stack(states, 1)
    x = model.final_norm(x @ stack.out_proj.weight)
    torch.testing.assert_close(model(ids), x @ model.embedding.T, atol=1e-4, rtol=1e-4)


def test_forget_gates_start_open():
    (stack,) = started("LSTM").blocks
    for layer in range(2):
        bias = getattr(stack.lstm, f"bias_ih_l{layer}") + getattr(stack.lstm, f"bias_hh_l{layer}")
        assert bias.tolist() == [0.0] * 24 + [1.0] * 24 + [0.0] * 48


# ---------------------------------------------------------------------------------- both of them


@each_model
def test_the_future_does_not_change_the_past(name):
    model, ids = started(name), tokens()
    other = ids.clone()
    other[:, 12:] = (other[:, 12:] + 1) % 11
    torch.testing.assert_close(model(ids)[:, :12], model(other)[:, :12])
    assert not torch.allclose(model(ids)[:, 12], model(other)[:, 12])


@each_model
def test_a_seed_fixes_the_start(name):
    first, second, other = started(name), started(name), started(name, seed=2)
    assert torch.equal(first(tokens()), second(tokens()))
    assert not torch.allclose(first(tokens()), other(tokens()))


@each_model
def test_all_matrices_but_the_embedding_are_hidden_ones(name):
    matrices = {n for n, p in started(name).named_parameters() if p.ndim == 2}
    assert {n for n in matrices if not n.startswith("blocks.")} == {"embedding"}


@each_model
def test_precision_as_in_training_is_close_and_its_gradients_are_numbers(name):
    model, ids = started(name), tokens(n=64)
    with mixed_precision(torch.device("cpu")):
        rough = model(ids).float()
    exact = model(ids)
    assert (rough - exact).norm() < 0.02 * exact.norm()
    rough.logsumexp(-1).sum().backward()
    assert all(isfinite(float(p.grad.norm())) for p in model.parameters())
