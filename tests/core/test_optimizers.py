"""The optimizers' formulas against PyTorch's own, and what each is there for."""

import pytest
import torch

from transformer_core.optimizers import SGD, AdamW, Muon, orthogonalise
from transformer_core.training.precision import Float32ForBFloat16

STEPS = 12
SHAPES = [(4, 4), (3, 7), (9, 2)]


def gradients(shape):
    """Of very different sizes, as training has them."""
    draw = torch.Generator().manual_seed(3)
    sizes = 10 ** torch.linspace(-2, 1, STEPS)
    return [size * torch.randn(shape, generator=draw) for size in sizes]


def theirs(make, w, given):
    parameter = torch.nn.Parameter(w.clone())
    optimizer = make([parameter])
    for g in given:
        parameter.grad = g.clone()
        optimizer.step()
    return parameter.detach()


def ours(optimizer, w, given):
    state = optimizer.start(w)
    for g in given:
        w, state = optimizer.step(w, g, state)
    return w


def agree(optimizer, make, shape):
    w = torch.linspace(-1, 1, shape[0] * shape[1]).view(shape)
    given = gradients(shape)
    torch.testing.assert_close(
        ours(optimizer, w, given), theirs(make, w, given), atol=1e-6, rtol=1e-6
    )


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_sgd_is_pytorchs(shape, momentum):
    agree(SGD(0.03, momentum), lambda p: torch.optim.SGD(p, lr=0.03, momentum=momentum), shape)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("decay", [0.0, 0.1])
def test_adamw_is_pytorchs(shape, decay):
    def make(p):
        return torch.optim.AdamW(p, lr=0.01, betas=(0.9, 0.95), eps=1e-8, weight_decay=decay)

    agree(AdamW(0.01, (0.9, 0.95), 1e-8, decay), make, shape)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("decay", [0.0, 0.1])
def test_muon_is_pytorchs_in_the_same_precision(shape, decay):
    def make(p):
        return torch.optim.Muon(p, lr=0.02, momentum=0.95, weight_decay=decay)

    with Float32ForBFloat16():
        agree(Muon(0.02, 0.95, decay), make, shape)


def test_muon_rounds_as_pytorchs_does():
    w, given = torch.zeros(4, 4), gradients((4, 4))
    found = ours(Muon(0.02, dtype=torch.bfloat16), w, given)
    wanted = theirs(lambda p: torch.optim.Muon(p, lr=0.02, weight_decay=0.0), w, given)
    assert (found - wanted).norm() < 0.05 * wanted.norm()  # a bfloat16 has 8 bits


@pytest.mark.parametrize("shape", SHAPES)
def test_orthogonalising_keeps_directions_and_evens_out_sizes(shape):
    draw = torch.Generator().manual_seed(1)
    rank = min(shape)
    u = torch.linalg.qr(torch.randn(shape[0], rank, generator=draw)).Q
    v = torch.linalg.qr(torch.randn(shape[1], rank, generator=draw)).Q
    found = orthogonalise(u * torch.logspace(0, -1.5, rank) @ v.mT)
    inner = u.mT @ found @ v
    torch.testing.assert_close(inner, inner.diagonal().diag(), atol=1e-4, rtol=0)
    assert 0.65 < float(inner.diagonal().min()) <= float(inner.diagonal().max()) < 1.25


def test_a_step_by_hand():
    w, g = torch.tensor([1.0]), torch.tensor([0.5])
    assert ours(SGD(0.1), w, [g]) == pytest.approx(0.95)
    assert ours(SGD(0.1, 0.9), w, [g, g]) == pytest.approx(1 - 0.1 * 0.5 - 0.1 * (0.45 + 0.5))
    assert ours(AdamW(0.1), w, [g]) == pytest.approx(0.9)  # the size of g does not matter
    assert ours(AdamW(0.1, weight_decay=0.5), w, [g]) == pytest.approx(1 - 0.05 - 0.1)
