"""What divides the speed of each rotary pair, so that a model reads further than it was trained."""

from __future__ import annotations

from math import pi

MOST_PAIRS = 1 << 12  # of a head; no published one has more than 128


def linear_factors(factor: float, d_head: int) -> tuple[float, ...]:
    """All pairs are slowed alike, as if positions lay closer together (arXiv 2306.15595)."""
    return (factor,) * _pairs(d_head)


def llama3_factors(
    base: float, d_head: int, factor: float, low: float, high: float, trained: float
) -> tuple[float, ...]:
    """Those of Llama 3.1, by each pair's number of turns in the `trained` positions.

    A pair that turned less than `low` times is slowed by `factor`, one that turned more than `high`
    times is left alone; in between the speed goes from one to the other in proportion to the turns.
    """
    frequencies = [base ** (-2 * pair / d_head) for pair in range(_pairs(d_head))]
    turns = [trained * frequency / (2 * pi) for frequency in frequencies]
    kept = [min(max((n - low) / (high - low), 0), 1) for n in turns]
    return tuple(1 / ((1 - share) / factor + share) for share in kept)


def _pairs(d_head: int) -> int:
    if d_head > 2 * MOST_PAIRS:
        raise ValueError(f"a head is {d_head:,} wide")
    return d_head // 2
