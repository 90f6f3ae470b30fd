"""One step of gradient descent against autograd, finite differences and PyTorch's own optimizer."""

from copy import deepcopy

import pytest
import torch
import torch.nn.functional as F

from transformer_core.lens.gradient_step import (
    descend,
    followed,
    logit_gradient,
    look_ahead,
    loss_gradient,
    weights_of,
)
from transformer_core.presets import PRESETS
from transformer_core.transformer import Transformer

IDS = torch.tensor([5, 9, 5, 9, 300, 17, 5])


@pytest.fixture
def model():
    made = Transformer(PRESETS["fable-tiny"])
    for parameter in made.parameters():
        parameter.data.fill_(1.0)
    made.initialise(seed=4)
    return made.requires_grad_(False)


def test_a_step_is_that_of_pytorchs_sgd_and_the_model_stays(model):
    before = deepcopy(model.state_dict())
    weights = weights_of(model)
    found = descend(weights, loss_gradient(model, weights, IDS), 0.1)
    twin = deepcopy(model).requires_grad_()
    optimizer = torch.optim.SGD(twin.parameters(), lr=0.1)
    F.cross_entropy(twin(IDS[None])[0, :-1], IDS[1:]).backward()
    optimizer.step()
    for name, parameter in twin.named_parameters():
        torch.testing.assert_close(found[name], parameter.detach(), atol=1e-6, rtol=1e-5)
    for name, value in model.state_dict().items():
        torch.testing.assert_close(value, before[name], atol=0, rtol=0)


def test_a_small_step_lowers_the_loss_by_its_rate_times_the_squared_gradient(model):
    weights = weights_of(model)
    gradient = loss_gradient(model, weights, IDS)
    rate = 1e-3
    outlook = look_ahead(model, weights, gradient, IDS, (0.0, rate), 4)
    before, after = outlook.losses.mean(-1).tolist()
    torch.testing.assert_close(outlook.losses[0], gradient.losses)
    assert before - after == pytest.approx(rate * gradient.norm**2, rel=0.05)


def test_steps_follow_one_another(model):
    weights = weights_of(model)
    losses = []
    for _ in range(3):
        gradient = loss_gradient(model, weights, IDS)
        losses.append(float(gradient.losses.mean()))
        weights = descend(weights, gradient, 0.05)
    assert losses == sorted(losses, reverse=True)


def test_what_is_followed_holds_the_right_token(model):
    logits = model(IDS[None])[0]
    found = followed(logits, IDS, 3)
    assert (found[:-1] == IDS[1:, None]).sum(-1).tolist() == [1] * (len(IDS) - 1)
    assert all(len(set(row)) == 3 for row in found.tolist())
    outlook = look_ahead(
        model, weights_of(model), loss_gradient(model, weights_of(model), IDS), IDS, (0.0, 0.1), 3
    )
    row = (outlook.candidates[0] == IDS[1]).nonzero()[0, 0]
    p = outlook.probabilities[:, 0, row]
    torch.testing.assert_close(-p.log(), outlook.losses[:, 0], atol=1e-4, rtol=1e-4)


def test_the_gradient_of_a_logit_is_autograds():
    logits = torch.linspace(-3, 4, 24).view(2, 12).requires_grad_()
    right = torch.tensor([3, 11])
    F.cross_entropy(logits, right, reduction="sum").backward()
    found = logit_gradient(logits.detach(), right)
    torch.testing.assert_close(found, logits.grad, atol=1e-6, rtol=1e-6)
    torch.testing.assert_close(found.sum(-1), torch.zeros(2), atol=1e-6, rtol=0)


def test_by_hand():
    """Equal logits of four tokens: each p is 1/4."""
    assert logit_gradient(torch.zeros(4), torch.tensor(2)).tolist() == [0.25, 0.25, -0.75, 0.25]
