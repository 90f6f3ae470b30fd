"""A line for each way: the mean over the books."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from transformer_core.records.result import Series
from transformer_core.training.experiments.experiment import Findings
from transformer_core.training.experiments.stretched_rope.measurement import Measurement
from transformer_core.training.experiments.stretched_rope.setting import Setting


def conclude(settings: Sequence[Setting], measured: Sequence[Measurement]) -> Findings:
    """x is the middle of a bin's positions."""
    by_line: dict[str, list[Measurement]] = {}
    for setting, found in zip(settings, measured, strict=True):
        by_line.setdefault(setting.line, []).append(found)
    series = []
    for line, books in by_line.items():
        mean = torch.tensor([book.nats for book in books]).mean(0).tolist()
        x = tuple(settings[0].bin * (i + 0.5) for i in range(len(mean)))
        y = tuple(round(nats, 4) for nats in mean)
        series.append(Series(line, "position", "loss, nats per token", x, y))
    return Findings(tuple(series), tokens=settings[0].tokens_seen)
