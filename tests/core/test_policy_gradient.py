"""The policy gradient against an exact enumeration of all texts, and what a step does."""

from itertools import product

import pytest
import torch

from transformer_core.config import TransformerConfig
from transformer_core.policy_gradient import Learner, advantages, log_probabilities, write
from transformer_core.transformer import Transformer

PROMPT, VOCAB, LENGTH, BETA = [0, 1], 3, 2, 0.3
CONFIG = TransformerConfig(
    vocab_size=VOCAB, context_length=4, d_model=8, n_layers=1, n_heads=2, n_kv_heads=2, d_ff=8
)
ALL_TEXTS = torch.tensor(list(product(range(VOCAB), repeat=LENGTH)))


class Kept:
    """An optimizer that moves nothing and keeps the gradient."""

    def __init__(self, model):
        self.model, self.gradient = model, None

    def step(self):
        self.gradient = [p.grad.clone() for p in self.model.parameters()]

    def zero_grad(self):
        self.model.zero_grad()


def tiny(seed, scale=40):
    """Without the scale, all texts are equally likely."""
    model = Transformer(CONFIG)
    model.initialise(seed)
    with torch.no_grad():
        model.embedding.mul_(scale)
    return model


def reward(texts):
    return (texts == 2).sum(1).float()


def test_the_probabilities_of_all_texts_add_up_to_one():
    assert log_probabilities(tiny(1), PROMPT, ALL_TEXTS).exp().sum().item() == pytest.approx(1)


def test_on_average_the_step_is_the_exact_gradient():
    """Over every group of two texts, weighted by its probability: E[r] - beta KL, by autograd."""
    model, start = tiny(1), tiny(2)
    log_p = log_probabilities(model, PROMPT, ALL_TEXTS)
    log_q = log_probabilities(start, PROMPT, ALL_TEXTS).detach()
    objective = (log_p.exp() * (reward(ALL_TEXTS) - BETA * (log_p - log_q))).sum()
    exact = torch.autograd.grad(objective, list(model.parameters()))
    mean = [torch.zeros_like(p) for p in model.parameters()]
    kept = Kept(model)
    learner = Learner(model, start, kept, BETA)
    for i, j in product(range(len(ALL_TEXTS)), repeat=2):
        texts = ALL_TEXTS[[i, j]]
        learner.update(PROMPT, texts, reward(texts))
        weight = (log_p[i] + log_p[j]).exp().item()
        for total, gradient in zip(mean, kept.gradient, strict=True):
            total -= weight * gradient
    for found, wanted in zip(mean, exact, strict=True):
        torch.testing.assert_close(found, wanted, atol=1e-5, rtol=1e-4)


def test_the_mean_log_ratio_is_the_kl_divergence():
    model, start = tiny(1), tiny(2)
    texts = write(model, PROMPT, 4000, LENGTH, torch.Generator().manual_seed(0))
    found = Learner(model, start, Kept(model), 0.0).update(PROMPT, texts, reward(texts))
    p, q = (log_probabilities(each, PROMPT, ALL_TEXTS) for each in (model, start))
    assert found.kl == pytest.approx((p.exp() * (p - q)).sum().item(), abs=0.05)


def test_an_advantage_is_over_the_mean_of_the_others():
    assert advantages(torch.tensor([1.0, 0.0, 0.0, 1.0])).tolist() == pytest.approx(
        [2 / 3, -2 / 3, -2 / 3, 2 / 3]
    )
    assert advantages(torch.tensor([1.0, 1.0])).tolist() == [0, 0]
    assert advantages(torch.tensor([3.0])).tolist() == [0]


def test_what_is_rewarded_becomes_likelier_and_the_start_stays():
    model, start = tiny(1, scale=1), tiny(1, scale=1)
    before = [p.clone() for p in start.parameters()]
    optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
    learner = Learner(model, start, optimizer, 0.0)
    generator = torch.Generator().manual_seed(0)
    earned = []
    for _ in range(30):
        texts = write(model, PROMPT, 16, LENGTH, generator)
        found = learner.update(PROMPT, texts, reward(texts))
        earned.append(found.rewards.mean().item())
    assert earned[-1] > 1.8 > earned[0]
    assert found.kl > 0.5
    assert all(torch.equal(a, b) for a, b in zip(before, start.parameters(), strict=True))
