"""The recorded experiment `recurrence`: three small models that were trained alike."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from transformer_core.records.result import Result, Series, load_result

FILE = Path(__file__).parents[3] / "assets" / "experiments" / "recurrence.json"
TRAINED = ("Transformer", "linear recurrence", "LSTM")


@cache
def record() -> Result:
    """The file, read once."""
    return load_result(FILE)


def trained_reach() -> dict[str, Series]:
    """Gradient of the last loss so many steps back, after training."""
    return {name: record().curve(f"{name}, trained") for name in TRAINED}


def trained_loss() -> dict[str, Series]:
    """Loss by position, mean of the seeds."""
    return {name: record().curve(name) for name in TRAINED}


def recorded_times() -> dict[str, Series]:
    """Milliseconds of forward and backward by length."""
    return {name: record().curve(f"{name}: time") for name in TRAINED}
