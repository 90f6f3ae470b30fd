"""A number that was fitted or measured, and how far off it may be."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Estimate:
    """A value and the interval that should hold the true one."""

    value: float
    low: float
    high: float

    def holds(self, truth: float) -> bool:
        """Whether a value lies within the interval, its ends included."""
        return self.low <= truth <= self.high
