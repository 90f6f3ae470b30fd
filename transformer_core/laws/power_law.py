"""L = c x^-alpha, a straight line in log-log, with intervals (Kaplan et al. 2020)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp

import numpy as np

from transformer_core.laws.estimate import Estimate, student
from transformer_core.laws.points import FittingError, check_level, positive


@dataclass(frozen=True)
class PowerLawFit:
    """L = c x^-alpha and the share of the variance of log L that it explains, R^2."""

    coefficient: Estimate
    exponent: Estimate
    r_squared: float
    level: float
    n_points: int

    def loss(self, x: float) -> float:
        """c x^-alpha."""
        return self.coefficient.value * x**-self.exponent.value


def fit_power_law(x: Sequence[float], losses: Sequence[float], level: float = 0.95) -> PowerLawFit:
    """Least squares on log L = log c - alpha log x, with Student's intervals.

    Raises:
        FittingError: fewer than three points, one and the same x, or values that are not positive.
    """
    check_level(level)
    if len(x) != len(losses):
        raise FittingError(f"There are {len(x)} values of x and {len(losses)} losses.")
    log_x, log_loss = np.log(positive(list(zip(x, losses, strict=True)), 3)).T
    about, n = log_x - log_x.mean(), len(log_x)
    spread = float(about @ about)
    if spread < 1e-20:
        raise FittingError("All points have the same x; a line needs at least two.")
    slope = float(about @ log_loss) / spread
    at_mean = float(log_loss.mean())
    left = log_loss - at_mean - slope * about
    varies = log_loss - at_mean
    total = float(varies @ varies)
    error = float(left @ left)
    quantile = student(n - 2, level) * (error / (n - 2)) ** 0.5
    log_c = at_mean - slope * float(log_x.mean())
    off_slope = quantile / spread**0.5
    off_c = quantile * (1 / n + float(log_x.mean()) ** 2 / spread) ** 0.5
    return PowerLawFit(
        Estimate(exp(log_c), exp(log_c - off_c), exp(log_c + off_c)),
        Estimate(-slope, -slope - off_slope, -slope + off_slope),
        1 - error / total if total else 1.0,
        level,
        n,
    )
