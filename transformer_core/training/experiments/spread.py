"""Estimates of what has no interval, and of what several seeds were measured to give."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean

from transformer_core.laws.estimate import Estimate


def exactly(value: float) -> Estimate:
    """What is counted, or has no interval of its own."""
    value = round(value, 4)
    return Estimate(value, value, value)


def spread(by_seed: Sequence[float]) -> Estimate:
    """Mean over seeds; low and high are the least and the greatest of them."""
    return Estimate(*(round(value, 4) for value in (fmean(by_seed), min(by_seed), max(by_seed))))
