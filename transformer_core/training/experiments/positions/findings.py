"""Loss up to and past the trained length: means over seeds, and how far these differ."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import mean

from transformer_core.laws.estimate import Estimate
from transformer_core.records.result import Series
from transformer_core.training.experiments.experiment import Findings
from transformer_core.training.experiments.positions.measurement import (
    PER_LENGTH,
    STRETCHED,
    Bins,
    Measurement,
    stretched,
)
from transformer_core.training.experiments.positions.setting import FACTORS, NAMES, Setting
from transformer_core.training.experiments.spread import spread

MARKS = (0.5, 1, *FACTORS)  # trained lengths before which the loss is compared
FARTHEST_READ = (*NAMES.values(), *map(stretched, STRETCHED.values()))


@dataclass(frozen=True)
class Lines:
    """Loss in nats of every line, [seed][bin], in bins of a quarter of the trained length."""

    nats: dict[str, tuple[Bins, ...]]

    def mean(self, line: str) -> tuple[float, ...]:
        """Over seeds, [bin]."""
        return tuple(round(mean(seeds), 4) for seeds in zip(*self.nats[line], strict=True))

    def marks(self, line: str) -> list[float]:
        """Those up to which a line was read."""
        return [mark for mark in MARKS if PER_LENGTH * mark <= len(self.nats[line][0])]

    def at(self, line: str, mark: float) -> Estimate:
        """Mean over the half length before a mark; from the best seed to the worst."""
        end = round(PER_LENGTH * mark)
        seeds = [mean(bins[end - PER_LENGTH // 2 : end]) for bins in self.nats[line]]
        return spread(seeds)


def at(line: str, mark: float) -> str:
    """The name of an estimate: a line's loss before a mark."""
    return f"{line} at {mark:g} L"


def conclude(settings: Sequence[Setting], measured: Sequence[Measurement]) -> Findings:
    """Means over seeds by position and before each mark, and their spread."""
    trained = settings[0].context_length
    lines = Lines({line: seeds for m in measured for line, seeds in m.nats.items()})
    ropes = [line for line in lines.nats if line.startswith("RoPE")]
    before = f"loss of the {trained // 2} positions before"
    return Findings(
        series=(
            *_by_position(lines, trained),
            *_by_length(lines, NAMES.values(), f"{before}, nats per token"),
            *_by_length(lines, ropes, f"{before}, RoPE not trained again, nats per token"),
        ),
        tokens=settings[0].tokens,
        fitted={
            at(line, mark): lines.at(line, mark)
            for line in FARTHEST_READ
            for mark in lines.marks(line)[1:]
        },
    )


def _by_position(lines: Lines, trained: int) -> list[Series]:
    found = []
    for line in FARTHEST_READ:
        nats = lines.mean(line)
        x = tuple(trained / PER_LENGTH * (i + 0.5) for i in range(len(nats)))
        found.append(Series(line, "position", "loss, nats per token", x, nats))
    return found


def _by_length(lines: Lines, drawn: Iterable[str], y_label: str) -> list[Series]:
    found = []
    for line in drawn:
        marks = lines.marks(line)
        y = tuple(lines.at(line, mark).value for mark in marks)
        found.append(Series(line, "length in units of L", y_label, tuple(map(float, marks)), y))
    return found
