"""A line for each way of placing positions."""

from __future__ import annotations

from collections.abc import Sequence

from transformer_core.records.result import Series
from transformer_core.training.experiments.experiment import Findings
from transformer_core.training.experiments.position_loss.measurement import BIN, Measurement
from transformer_core.training.experiments.position_loss.setting import Setting


def conclude(settings: Sequence[Setting], measured: Sequence[Measurement]) -> Findings:
    """x is the middle of a bin's positions."""
    series = tuple(
        Series(
            setting.line,
            "position",
            "loss, nats per token",
            tuple(BIN * (i + 0.5) for i in range(len(found.nats))),
            found.nats,
        )
        for setting, found in zip(settings, measured, strict=True)
    )
    return Findings(series, tokens=max(setting.tokens_seen for setting in settings))
