"""Scaling laws: the loss to expect from a model of N parameters trained on D tokens.

Loss in nats per token, on each paper's own text and vocabulary, so the losses of two laws cannot
be compared. Training costs C = 6 N D floating-point operations: 2 N per token for the forward pass,
twice that for the backward pass (Kaplan et al. 2020, arXiv 2001.08361, 2.1).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import exp

PF_DAY = 1e15 * 86_400  # FLOP: a petaflop per second for a day


def training_flops(n_parameters: float, n_tokens: float) -> float:
    """C = 6 N D."""
    return 6 * n_parameters * n_tokens


@dataclass(frozen=True)
class TrainingStep:
    """FLOP of one token at one weight matrix, in the three products that training needs."""

    forward: int
    to_input: int
    to_weights: int

    @property
    def total(self) -> int:
        """6 for each weight."""
        return self.forward + self.to_input + self.to_weights


def training_step(n_in: int, n_out: int) -> TrainingStep:
    """y = x W, dL/dx = dL/dy W^T, dL/dW = x^T dL/dy: in each, 2 operations for each weight."""
    return TrainingStep(2 * n_in * n_out, 2 * n_in * n_out, 2 * n_in * n_out)


@dataclass(frozen=True)
class Allocation:
    """How a budget is spent: parameters and tokens."""

    n_parameters: float
    n_tokens: float

    @property
    def tokens_per_parameter(self) -> float:
        """D / N."""
        return self.n_tokens / self.n_parameters


@dataclass(frozen=True)
class ParametricLaw:
    """L(N, D) = E + A / N^alpha + B / D^beta (Hoffmann et al. 2022, arXiv 2203.15556, eq. 10).

    E is the loss that no model can go below, the second term what a finite model adds, the third
    what finite training adds. N counts all parameters.
    """

    title: str
    source: str
    e: float
    a: float
    b: float
    alpha: float
    beta: float

    def terms(self, n_parameters: float, n_tokens: float) -> tuple[float, float, float]:
        """The three summands, in nats."""
        return self.e, self.a / n_parameters**self.alpha, self.b / n_tokens**self.beta

    def loss(self, n_parameters: float, n_tokens: float) -> float:
        """Their sum."""
        return sum(self.terms(n_parameters, n_tokens))

    @property
    def g(self) -> float:
        """G = (alpha A / (beta B))^(1 / (alpha + beta)), the balance of size and text (eq. 4)."""
        return float((self.alpha * self.a / (self.beta * self.b)) ** (1 / (self.alpha + self.beta)))

    def optimum(self, flops: float) -> Allocation:
        """The least loss under 6 N D = C: N = G (C/6)^(beta / (alpha + beta)) (eq. 4)."""
        n_parameters = self.g * (flops / 6) ** (self.beta / (self.alpha + self.beta))
        return Allocation(n_parameters, flops / (6 * n_parameters))

    def budget_for(self, n_parameters: float) -> float:
        """The budget, in FLOP, for which this size is the optimum."""
        return float(6 * (n_parameters / self.g) ** ((self.alpha + self.beta) / self.beta))

    def tokens_for(self, n_parameters: float, loss: float) -> float:
        """D that brings a model of this size to a loss; infinite where no amount does."""
        left = loss - self.e - self.a / n_parameters**self.alpha
        return (self.b / left) ** (1 / self.beta) if left > 0 else float("inf")


@dataclass(frozen=True)
class KaplanLaw:
    """L(N, D) = ((N_c / N)^(alpha_N / alpha_D) + D_c / D)^alpha_D (arXiv 2001.08361, eq. 1.5).

    N counts the parameters without embeddings. The optimum is the paper's own (table 6), read from
    learning curves, with C in PF-days: N = 1.3e9 C^0.73 on D = 2e10 C^0.27 tokens. C is the least
    compute, that of small batches; the paper trains at larger ones, which take twice as much, so
    6 N D is about 2 C.
    """

    title: str
    source: str
    n_c: float = 6.4e13
    d_c: float = 1.8e13
    alpha_n: float = 0.076
    alpha_d: float = 0.103
    n_at_pf_day: float = 1.3e9
    growth: float = 0.73
    d_at_pf_day: float = 2e10
    d_growth: float = 0.27

    def loss(self, n_parameters: float, n_tokens: float) -> float:
        """In nats; it falls to 0 with enough of both, as this law has no floor."""
        share = (self.n_c / n_parameters) ** (self.alpha_n / self.alpha_d)
        return float((share + self.d_c / n_tokens) ** self.alpha_d)

    def optimum(self, flops: float) -> Allocation:
        """What the paper would spend a budget on, all of it trained with 6 N D = C."""
        n_parameters = self.n_at_pf_day * (flops / PF_DAY) ** self.growth
        return Allocation(n_parameters, flops / (6 * n_parameters))

    def recommended(self, flops: float) -> Allocation:
        """The same size with the tokens of table 6, where `flops` is the least compute C."""
        n_tokens = self.d_at_pf_day * (flops / PF_DAY) ** self.d_growth
        return Allocation(self.optimum(flops).n_parameters, n_tokens)

    def budget_for(self, n_parameters: float) -> float:
        """The budget, in FLOP, for which this size is the optimum."""
        return float(PF_DAY * (n_parameters / self.n_at_pf_day) ** (1 / self.growth))


Law = ParametricLaw | KaplanLaw

# Approach 3 of Hoffmann et al. fitted again, to points read off their figure 4.
REFIT = ParametricLaw(
    "Refit of 2024",
    "Besiroglu et al. 2024, arXiv 2404.10102",
    e=1.8172,
    a=482.01,
    b=2085.43,
    alpha=0.3478,
    beta=0.3658,
)
_HOFFMANN = "Hoffmann et al. 2022, arXiv 2203.15556"
LAWS: dict[str, Law] = {
    "refit": REFIT,
    "chinchilla": ParametricLaw(
        "Chinchilla, as printed", _HOFFMANN, e=1.69, a=406.4, b=410.7, alpha=0.34, beta=0.28
    ),
    # The same fit with the digits that the paper's TeX source holds.
    "unrounded": ParametricLaw(
        "Chinchilla, unrounded",
        _HOFFMANN,
        e=exp(0.5267228),
        a=exp(6.0073404),
        b=exp(6.0179186),
        alpha=0.33917084,
        beta=0.2849083,
    ),
    "kaplan": KaplanLaw("Kaplan 2020", "Kaplan et al. 2020, arXiv 2001.08361"),
}


def lifetime_flops(n_parameters: float, n_tokens: float, tokens_served: float) -> float:
    """6 N D for training and 2 N for each token read or written afterwards (arXiv 2401.00448)."""
    return training_flops(n_parameters, n_tokens) + 2 * n_parameters * tokens_served


def cheapest_for_loss(law: ParametricLaw, loss: float, tokens_served: float) -> Allocation:
    """The model that reaches a loss with the least compute over its life.

    Raises:
        ValueError: where the loss is not above the law's floor, which no model reaches.
    """
    if loss <= law.e:
        raise ValueError(f"loss is {loss:.3f}; no model goes below {law.e:.3f} by this law")
    smallest = (law.a / (loss - law.e)) ** (1 / law.alpha)  # with endless training

    def cost(log_ratio: float) -> float:
        n = smallest * exp(log_ratio)
        return lifetime_flops(n, law.tokens_for(n, loss), tokens_served)

    best = _least(cost, 1e-6, 30.0)
    n_parameters = smallest * exp(best)
    return Allocation(n_parameters, law.tokens_for(n_parameters, loss))


def _least(f: Callable[[float], float], low: float, high: float, steps: int = 120) -> float:
    """Golden-section search for the minimum of a function that falls and then rises."""
    golden = (5**0.5 - 1) / 2
    a, b = high - golden * (high - low), low + golden * (high - low)
    for _ in range(steps):
        if f(a) < f(b):
            high = b
        else:
            low = a
        a, b = high - golden * (high - low), low + golden * (high - low)
    return (low + high) / 2
