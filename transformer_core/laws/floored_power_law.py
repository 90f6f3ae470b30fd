"""L = F + c x^-alpha: a power law above a floor, with the intervals of its profile.

For one alpha the law is linear in F and c, so least squares gives both at once; what is left is a
search along alpha. Errors are relative to the loss. An interval holds every value that some law
has whose squared error is at most 1 + t^2 / (n - 3) times the least one: the profile of one
constant among three, with Student's t (Bates and Watts 1988, chapter 6).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from transformer_core.laws.estimate import Estimate, student
from transformer_core.laws.points import FittingError, check_level, positive

LEAST_POINTS = 4  # one more than the constants
EXPONENTS = (0.005, 3.0)
STEPS = 400  # of the search, in equal factors
HALVINGS = 60


@dataclass(frozen=True)
class FlooredPowerLawFit:
    """L = floor + coefficient x^-exponent; `beyond` is L where it was asked for.

    `misfit` is the root mean square of the relative errors. An exponent whose interval ends at an
    end of `EXPONENTS` is not bounded on that side by the points.
    """

    floor: Estimate
    coefficient: float
    exponent: Estimate
    beyond: Estimate
    misfit: float
    n_points: int

    def loss(self, x: float) -> float:
        """F + c x^-alpha."""
        return self.floor.value + self.coefficient * x**-self.exponent.value


def fit_floored_power_law(
    x: Sequence[float], losses: Sequence[float], at: float, level: float = 0.95
) -> FlooredPowerLawFit:
    """Least squares of relative errors, with F >= 0, and the law's value at another x.

    Raises:
        FittingError: fewer than four points, one and the same x, or values that are not positive.
    """
    check_level(level)
    if len(x) != len(losses):
        raise FittingError(f"There are {len(x)} values of x and {len(losses)} losses.")
    points = _Points(*positive(list(zip(x, losses, strict=True)), LEAST_POINTS).T)
    if np.ptp(points.x) < 1e-10 * points.x.max():
        raise FittingError("All points have the same x; a curve needs at least three.")
    grid = np.geomspace(*EXPONENTS, STEPS)
    alpha = _least(points, grid)
    best, n = points.solve(alpha), len(points.x)
    most = best.error * (1 + student(n - 3, level) ** 2 / (n - 3))
    low, high = (_end(points, alpha, float(end), most) for end in EXPONENTS)
    near = [low, high, alpha, *(float(each) for each in grid if low < each < high)]
    value = best.floor + best.coefficient * points.term(at, alpha)
    return FlooredPowerLawFit(
        Estimate(best.floor, *_ends(points.reach(each, most, 0.0) for each in near)),
        best.coefficient * points.centre**alpha,
        Estimate(alpha, low, high),
        Estimate(value, *_ends(points.reach(a, most, points.term(at, a)) for a in near)),
        float((best.error / n) ** 0.5),
        n,
    )


def _ends(reached: Iterable[tuple[float, float]]) -> tuple[float, float]:
    """The least and the largest of all."""
    lows, highs = zip(*reached, strict=True)
    return min(lows), max(highs)


@dataclass(frozen=True)
class _Solved:
    """F and c of one alpha, and the sum of squared relative errors."""

    floor: float
    coefficient: float
    error: float


@dataclass(frozen=True)
class _Points:
    """x about its geometric mean, where F and c depend on one another least."""

    x: np.ndarray
    losses: np.ndarray

    @property
    def centre(self) -> float:
        return float(np.exp(np.log(self.x).mean()))

    def term(self, x: float, alpha: float) -> float:
        """x^-alpha."""
        return float((x / self.centre) ** -alpha)

    def columns(self, alpha: float) -> tuple[np.ndarray, np.ndarray]:
        """What F and c are multiplied by, relative to the losses: their sum should be 1."""
        return 1 / self.losses, (self.x / self.centre) ** -alpha / self.losses

    def solve(self, alpha: float) -> _Solved:
        """The normal equations of F and c; c alone where F would be negative."""
        f, c = self.columns(alpha)
        ff, fc, cc = f @ f, f @ c, c @ c
        floor = (f.sum() * cc - c.sum() * fc) / (ff * cc - fc * fc)
        if floor < 0:
            floor, coefficient = 0.0, c.sum() / cc
        else:
            coefficient = (c.sum() - floor * fc) / cc
        left = floor * f + coefficient * c - 1
        return _Solved(float(floor), float(coefficient), float(left @ left))

    def reach(self, alpha: float, most: float, v: float) -> tuple[float, float]:
        """Least and largest F + c v of an error of at most `most`.

        All F and c of such an error are an ellipse, on which the ends of a sum have a closed form.
        Where an end would have F < 0 it lies on F = 0 instead.
        """
        f, c = self.columns(alpha)
        ff, fc, cc = f @ f, f @ c, c @ c
        area = ff * cc - fc * fc
        centre_f = (f.sum() * cc - c.sum() * fc) / area
        centre_c = (c.sum() * ff - f.sum() * fc) / area
        left = centre_f * f + centre_c * c - 1
        slack = max(most - float(left @ left), 0.0) / area
        size = cc - 2 * v * fc + v * v * ff
        off, to_f = (slack * size) ** 0.5, (slack / size) ** 0.5 * (cc - v * fc)
        alone = c.sum() / cc
        along = (max(most - float(((alone * c - 1) ** 2).sum()), 0.0) / cc) ** 0.5
        ends = []
        for sign in (-1, 1):
            if centre_f + sign * to_f >= 0:
                ends.append(centre_f + centre_c * v + sign * off)
            else:
                ends.append((alone + sign * along) * v)
        return float(ends[0]), float(ends[1])


def _least(points: _Points, grid: np.ndarray) -> float:
    """Between the neighbours of the best exponent of a grid, by golden sections."""
    i = int(np.argmin([points.solve(float(alpha)).error for alpha in grid]))
    low, high = float(grid[max(i - 1, 0)]), float(grid[min(i + 1, STEPS - 1)])
    golden = (5**0.5 - 1) / 2
    for _ in range(HALVINGS):
        a, b = high - golden * (high - low), low + golden * (high - low)
        if points.solve(a).error < points.solve(b).error:
            high = b
        else:
            low = a
    return (low + high) / 2


def _end(points: _Points, inside: float, outside: float, most: float) -> float:
    """Where the error passes `most` on the way from the best exponent to an end of the grid."""
    if points.solve(outside).error <= most:
        return outside
    near, far = inside, outside
    for _ in range(HALVINGS):
        middle = (near * far) ** 0.5
        if points.solve(middle).error <= most:
            near = middle
        else:
            far = middle
    return (near * far) ** 0.5
