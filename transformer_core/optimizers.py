"""How gradients become steps: SGD with momentum, AdamW and Muon, each as its formulas are written.

An optimizer is its settings. `start` makes the state that belongs to a weight, `step` takes weight,
gradient and state and returns the new weight and the new state. Nothing is changed in place.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

NEWTON_SCHULZ = (3.4445, -4.7750, 2.0315)  # Jordan et al. 2024
ITERATIONS = 5
EPSILON = 1e-7


@dataclass(frozen=True)
class SGD:
    """v ← μ v + g, w ← w − η v. With μ = 0 it is plain gradient descent (Polyak 1964 for μ > 0)."""

    learning_rate: float
    momentum: float = 0.0

    def start(self, w: Tensor) -> Tensor:
        """No velocity yet."""
        return torch.zeros_like(w)

    def step(self, w: Tensor, g: Tensor, v: Tensor) -> tuple[Tensor, Tensor]:
        """Weight and velocity after one gradient, each of the weight's shape."""
        v = self.momentum * v + g
        return w - self.learning_rate * v, v


@dataclass(frozen=True)
class Moments:
    """Running means of the gradient and of its square, and how many gradients they have seen."""

    m: Tensor
    v: Tensor
    t: int


@dataclass(frozen=True)
class AdamW:
    """Each weight moves by about η, whatever the size of its gradients.

    m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g², both divided by 1 − βᵗ because they begin at 0
    (Kingma and Ba 2014, algorithm 1). Weight decay acts on the weight, not through the gradient
    (Loshchilov and Hutter 2017, algorithm 2).
    """

    learning_rate: float
    betas: tuple[float, float] = (0.9, 0.95)
    epsilon: float = 1e-8
    weight_decay: float = 0.0

    def start(self, w: Tensor) -> Moments:
        """Both means are 0."""
        return Moments(torch.zeros_like(w), torch.zeros_like(w), 0)

    def step(self, w: Tensor, g: Tensor, state: Moments) -> tuple[Tensor, Moments]:
        """Weight and moments after one gradient."""
        beta_1, beta_2 = self.betas
        t = state.t + 1
        m = beta_1 * state.m + (1 - beta_1) * g
        v = beta_2 * state.v + (1 - beta_2) * g**2
        m_hat, v_hat = m / (1 - beta_1**t), v / (1 - beta_2**t)
        w = w - self.learning_rate * self.weight_decay * w
        return w - self.learning_rate * m_hat / (v_hat.sqrt() + self.epsilon), Moments(m, v, t)


@dataclass(frozen=True)
class Muon:
    """For matrices only: all singular values of the momentum become about 1, then w ← w − η O.

    m ← μ m + (1 − μ) g, O = orthogonalise((1 − μ) g + μ m), which is Nesterov's look ahead (Jordan
    et al. 2024; `torch.optim.Muon`). `dtype` is that of the iteration; PyTorch takes bfloat16.
    """

    learning_rate: float
    momentum: float = 0.95
    weight_decay: float = 0.0
    dtype: torch.dtype = torch.float32

    def start(self, w: Tensor) -> Tensor:
        """No momentum yet."""
        return torch.zeros_like(w)

    def step(self, w: Tensor, g: Tensor, m: Tensor) -> tuple[Tensor, Tensor]:
        """Weight [rows, columns] and momentum after one gradient."""
        m = self.momentum * m + (1 - self.momentum) * g
        ahead = (1 - self.momentum) * g + self.momentum * m
        size = max(1, w.shape[0] / w.shape[1]) ** 0.5
        w = w - self.learning_rate * self.weight_decay * w
        return w - self.learning_rate * size * orthogonalise(ahead.to(self.dtype)).to(w.dtype), m


def orthogonalise(g: Tensor) -> Tensor:
    """U S′ Vᵀ for g = U S Vᵀ, with all of S′ near 1, by five steps of Newton and Schulz.

    X ← a X + b (X Xᵀ) X + c (X Xᵀ)² X: a polynomial in the singular values that leaves the
    directions alone. The coefficients lift small values fast and stop near 1, not at it (Jordan et
    al. 2024: about 0.7 to 1.2).

    Args:
        g: [rows, columns], not all 0; a tall matrix is turned on its side meanwhile.
    """
    a, b, c = NEWTON_SCHULZ
    tall = g.shape[0] > g.shape[1]
    x = g.mT if tall else g
    x = x / x.norm().clamp(min=EPSILON)  # no singular value is above 1 then
    for _ in range(ITERATIONS):
        gram = x @ x.mT
        x = a * x + (b * gram + c * gram @ gram) @ x
    return x.mT if tall else x
