"""A number that was fitted or measured, and how far off it may be."""

from __future__ import annotations

from dataclasses import dataclass

from scipy.special import stdtrit


@dataclass(frozen=True)
class Estimate:
    """A value and the interval that should hold the true one."""

    value: float
    low: float
    high: float

    def holds(self, truth: float) -> bool:
        """Whether a value lies within the interval, its ends included."""
        return self.low <= truth <= self.high


def student(freedom: int, level: float) -> float:
    """Student's t: standard errors to either side of an interval, at so many degrees of freedom."""
    return float(stdtrit(freedom, (1 + level) / 2))
