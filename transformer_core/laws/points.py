"""Measured losses, and what makes them unfit for a law."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


class FittingError(ValueError):
    """Points that no law can be fitted to; the text says why."""


@dataclass(frozen=True)
class Point:
    """One training: N parameters, D tokens, the loss it reached."""

    n_parameters: float
    n_tokens: float
    loss: float


def positive(values: Sequence[Sequence[float]], least: int) -> np.ndarray:
    """The values as a matrix, [point, column], if there are enough and all can be logged."""
    if len(values) < least:
        raise FittingError(f"{len(values)} points are too few: at least {least} are needed.")
    rows = np.array(values, dtype=float)
    wrong = ~(np.isfinite(rows) & (rows > 0))
    if wrong.any():
        i, column = np.argwhere(wrong)[0]
        raise FittingError(
            f"Point {i + 1} holds {rows[i, column]}; every value must be a number above 0."
        )
    return rows


def check_level(level: float) -> None:
    """Refuse a level of intervals that is no share: FittingError."""
    if not 0 < level < 1:
        raise FittingError(f"level is {level}; it is a share between 0 and 1.")
