"""Scaling laws fitted to losses that were measured, with intervals.

L(N, D) = E + A / N^alpha + B / D^beta by Huber loss on log L (Hoffmann et al. 2022, arXiv
2203.15556, D.2), from starts all over the plane of constants; intervals by drawing the points
again (Efron 1979).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from math import exp, log

import numpy as np
from scipy.optimize import minimize

from transformer_core.laws.estimate import Estimate
from transformer_core.laws.points import FittingError, Point, check_level, positive
from transformer_core.laws.scaling import ParametricLaw

DELTA = 1e-3  # beyond this error in log L a point pulls no harder (Hoffmann et al. 2022, D.2)
LEAST_POINTS = 6  # one more than the constants
CONSTANTS = ("e", "a", "b", "alpha", "beta")
# Starts, in units of the mean point: shares of the loss that E, A / N^alpha and B / D^beta have
# there, and the exponents.
_SHARES_OF_E, _SHARES = (0.3, 0.6, 0.9), (0.03, 0.1, 0.3)
_EXPONENTS = (0.1, 0.25, 0.5, 0.9, 1.5)
# Wide, and there only so that points which say nothing of a term cannot send it to infinity.
_BOUNDS = (*[(-30.0, 3.0)] * 3, *[(0.0, 3.0)] * 2)
_TERMS = 3  # of the law; A and alpha, B and beta go together, so each pair can miss once
_MINIMISED = 12  # the best of the starts that are followed to their minimum


@dataclass(frozen=True)
class ParametricFit:
    """The law, the intervals of its constants by name, and how well it fits.

    `objective` is the sum of Huber losses on log L; `level` the share of fits in which all
    intervals at once should hold the truth (Bonferroni over the three terms of the law).
    """

    law: ParametricLaw
    estimates: dict[str, Estimate]
    level: float
    objective: float
    n_points: int

    def residuals(self, points: Sequence[Point]) -> list[float]:
        """log(measured / fitted) of each point."""
        return [log(p.loss / self.law.loss(p.n_parameters, p.n_tokens)) for p in points]


def fit_parametric(
    points: Sequence[Point], resamples: int = 200, level: float = 0.95, seed: int = 0
) -> ParametricFit:
    """Fit E + A / N^alpha + B / D^beta, with exponents between 0 and 3.

    Args:
        points: at least six, of at least three sizes and three token counts; order is of no matter.
        resamples: how often the points are drawn again for the intervals.
        level: of all intervals together, between 0 and 1.
        seed: of the draws.

    Raises:
        FittingError: too few points, or values that are not positive and finite.
    """
    check_level(level)
    table = _Points.of(points)
    best = min(
        (_minimum(table, start) for start in _best_starts(table)), key=lambda found: found[1]
    )
    constants = table.constants(best[0])
    draws = _resampled(table, best[0], resamples, seed)
    law = ParametricLaw("Fitted here", f"{len(points)} trainings", **constants)
    return ParametricFit(law, _estimates(constants, draws, level), level, best[1], len(points))


@dataclass(frozen=True)
class _Points:
    """log N, log D and log L about their means, which makes the fit the same in all units."""

    log_n: np.ndarray
    log_d: np.ndarray
    log_loss: np.ndarray
    means: np.ndarray

    @classmethod
    def of(cls, points: Sequence[Point]) -> _Points:
        rows = positive([(p.n_parameters, p.n_tokens, p.loss) for p in points], LEAST_POINTS)
        for column, name in ((0, "sizes N"), (1, "token counts D")):
            different = len(np.unique(rows[:, column]))
            if different < 3:
                raise FittingError(
                    f"There are {different} different {name}; a curve needs at least 3."
                )
        logs = np.log(rows[np.lexsort(rows.T)])
        means = logs.mean(0)
        log_n, log_d, log_loss = (logs - means).T
        return cls(log_n, log_d, log_loss, means)

    def take(self, chosen: np.ndarray) -> _Points:
        """Some of the points, about the same means."""
        return _Points(self.log_n[chosen], self.log_d[chosen], self.log_loss[chosen], self.means)

    def constants(self, theta: np.ndarray) -> dict[str, float]:
        """E, A, B, alpha and beta of log-constants about the means."""
        e, a, b, alpha, beta = map(float, theta)
        mean_n, mean_d, mean_loss = map(float, self.means)
        e, a, b = e + mean_loss, a + mean_loss + alpha * mean_n, b + mean_loss + beta * mean_d
        return {"e": exp(e), "a": exp(a), "b": exp(b), "alpha": alpha, "beta": beta}


def _errors(points: _Points, theta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """log-sum-exp(e, a - alpha log N, b - beta log D) - log L, and the three terms' shares.

    `theta` is [5, ...]; the errors are [..., point], the shares [3, ..., point].
    """
    e, a, b, alpha, beta = theta[..., None]
    terms = np.empty((3, *np.shape(theta)[1:], len(points.log_loss)))
    terms[0] = e
    terms[1] = a - alpha * points.log_n
    terms[2] = b - beta * points.log_d
    top = terms.max(0)
    shares = np.exp(terms - top)
    total = shares.sum(0)
    return top + np.log(total) - points.log_loss, shares / total


def _huber(errors: np.ndarray) -> np.ndarray:
    """Sum over points of r^2 / 2, or delta (|r| - delta / 2) beyond delta."""
    size = np.abs(errors)
    within = np.minimum(size, DELTA)
    return (within * (size - within / 2)).sum(-1)


def _objective(theta: np.ndarray, points: _Points) -> tuple[float, np.ndarray]:
    """The Huber loss in units of delta, and its gradient."""
    errors, (of_e, of_a, of_b) = _errors(points, theta)
    pull = np.clip(errors, -DELTA, DELTA) / DELTA
    to_a, to_b = pull * of_a, pull * of_b
    gradient = (pull @ of_e, to_a.sum(), to_b.sum(), -to_a @ points.log_n, -to_b @ points.log_d)
    return float(_huber(errors)) / DELTA, np.array(gradient)


def _best_starts(points: _Points) -> np.ndarray:
    """Of a grid over all five constants, those that already fit best, [start, 5]."""
    grid = np.array(list(product(_SHARES_OF_E, _SHARES, _SHARES, _EXPONENTS, _EXPONENTS))).T
    grid[:3] = np.log(grid[:3])
    scores = _huber(_errors(points, grid)[0])
    return grid.T[np.argsort(scores, kind="stable")[:_MINIMISED]]


def _minimum(points: _Points, start: np.ndarray, begins: int = 8) -> tuple[np.ndarray, float]:
    """Where L-BFGS arrives from a start, begun anew until it gains no more; and the Huber loss."""
    theta, least = start, float("inf")
    for _ in range(begins):
        found = minimize(
            _objective,
            theta,
            (points,),
            "L-BFGS-B",
            jac=True,
            bounds=_BOUNDS,
            options={"ftol": 1e-13, "gtol": 1e-9, "maxiter": 500},
        )
        if not found.fun < least * (1 - 1e-7):
            break
        theta, least = found.x, float(found.fun)
    return theta, least * DELTA


def _resampled(
    points: _Points, best: np.ndarray, resamples: int, seed: int
) -> list[dict[str, float]]:
    """The constants fitted to points drawn with replacement, as often as asked."""
    random = np.random.default_rng(seed)
    draws: list[dict[str, float]] = []
    for _ in range(resamples):
        chosen = random.integers(0, len(points.log_loss), len(points.log_loss))
        drawn = points.take(chosen)
        draws.append(points.constants(_minimum(drawn, best, begins=1)[0]))
    return draws


def _estimates(
    constants: dict[str, float], draws: list[dict[str, float]], level: float
) -> dict[str, Estimate]:
    """Each constant with the percentiles of its draws."""
    tails = (1 - level) / 2 / _TERMS
    estimates = {}
    for name, value in constants.items():
        drawn = [draw[name] for draw in draws] or [value]
        low, high = np.quantile(drawn, [tails, 1 - tails])
        estimates[name] = Estimate(value, min(value, float(low)), max(value, float(high)))
    return estimates
