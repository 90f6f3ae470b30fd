"""The recorded experiment `transfer`: a classifier from few labelled sentences, four ways."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import fmean

from transformer_core.records.result import Result, load_result

FILE = Path(__file__).parents[3] / "assets" / "experiments" / "transfer.json"
FINE_TUNED, FROZEN, SCRATCH, PAIRS = "fine-tuned", "frozen", "from scratch", "word pairs"
LOSS_ALONE = "right answers by the loss alone, without labels"


@dataclass(frozen=True)
class Curve:
    """Right answers by the number of examples, a tuple of all seeds for each."""

    examples: tuple[int, ...]
    by_seed: tuple[tuple[float, ...], ...]

    @property
    def mean(self) -> list[float]:
        """Over seeds."""
        return [fmean(each) for each in self.by_seed]

    def at(self, examples: int) -> float:
        """The mean from so many examples."""
        return self.mean[self.examples.index(examples)]


@cache
def record() -> Result:
    """The file, read once."""
    return load_result(FILE)


@cache
def curve(way: str) -> Curve:
    """Of one way, from the record's measurements."""
    told = record().configuration
    for setting, measured in zip(told["settings"], told["measurements"], strict=True):
        if setting["way"] == way:
            return Curve(tuple(setting["examples"]), tuple(map(tuple, measured["accuracy"])))
    raise KeyError(way)


def by_loss_alone() -> float:
    """Where the half of the sentences with the higher loss is called scrambled."""
    return record().fitted[LOSS_ALONE].value
