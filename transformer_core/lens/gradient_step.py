"""One step of gradient descent, looked at: the loss, its gradients, and every rate it could take.

The weights are values here: a model is called with those that are given, and its own stay as they
are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.func import functional_call

from transformer_core.lens.prediction import token_losses

Weights = Mapping[str, Tensor]


@dataclass(frozen=True)
class Gradient:
    """losses [position - 1] in nats; gradients of their mean, by the weights' names."""

    losses: Tensor
    by_weight: dict[str, Tensor]

    @property
    def norm(self) -> float:
        """Length of all gradients together."""
        return float(torch.stack([g.norm() for g in self.by_weight.values()]).norm())


def weights_of(model: nn.Module) -> dict[str, Tensor]:
    """A copy that may be changed."""
    return {name: p.detach().clone() for name, p in model.named_parameters()}


def logits_with(model: nn.Module, weights: Weights, token_ids: Tensor) -> Tensor:
    """Logits [position, vocab] of a text [position] under these weights."""
    logits: Tensor = functional_call(model, dict(weights), (token_ids[None],))
    return logits[0]


def loss_gradient(model: nn.Module, weights: Weights, token_ids: Tensor) -> Gradient:
    """∂L/∂w for every weight w, where L is the mean of -ln p over a text of at least two tokens."""
    leaves = {name: w.detach().requires_grad_() for name, w in weights.items()}
    losses = token_losses(logits_with(model, leaves, token_ids), token_ids)
    found = torch.autograd.grad(losses.mean(), list(leaves.values()))
    return Gradient(losses.detach(), dict(zip(leaves, found, strict=True)))


def descend(weights: Weights, gradient: Gradient, learning_rate: float) -> dict[str, Tensor]:
    """w ← w − η ∂L/∂w (gradient descent)."""
    return {name: w - learning_rate * gradient.by_weight[name] for name, w in weights.items()}


@dataclass(frozen=True)
class Outlook:
    """What a text would cost after one step at each rate, and what the model would then expect.

    losses [rate, position - 1] in nats. candidates [position, k]: token ids; probabilities
    [rate, position, k].
    """

    losses: Tensor
    candidates: Tensor
    probabilities: Tensor


def look_ahead(
    model: nn.Module,
    weights: Weights,
    gradient: Gradient,
    token_ids: Tensor,
    rates: Sequence[float],
    k: int,
) -> Outlook:
    """One step at each rate, from the same weights and along the same gradient.

    Of each position, `k` tokens are followed: those that the first rate makes most probable, the
    last of them replaced by the token that really comes where it is not among them.
    """
    losses, probabilities = [], []
    candidates = torch.empty(0)
    with torch.no_grad():
        for rate in rates:
            logits = logits_with(model, descend(weights, gradient, rate), token_ids)
            if not len(candidates):
                candidates = followed(logits, token_ids, k)
            losses.append(token_losses(logits, token_ids))
            probabilities.append(logits.softmax(-1).gather(-1, candidates))
    return Outlook(torch.stack(losses), candidates, torch.stack(probabilities))


def followed(logits: Tensor, token_ids: Tensor, k: int) -> Tensor:
    """The k most probable tokens of each position, the right one among them, [position, k]."""
    found = logits.topk(k).indices.clone()
    right = token_ids[1:, None]
    missing = ~(found[:-1] == right).any(-1)
    found[:-1][missing, -1] = right[missing, 0]
    return found


def logit_gradient(logits: Tensor, right: Tensor) -> Tensor:
    """∂(-ln p_right)/∂z = p − [right]: p for a wrong token, p − 1 for the right one.

    Args:
        logits: [..., vocab].
        right: int64 [...], the token that comes.
    """
    p = logits.softmax(-1)
    return p - torch.zeros_like(p).scatter(-1, right[..., None], 1.0)
