"""Accuracy against labelled examples, one curve for each way."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean

from transformer_core.records.result import Series
from transformer_core.training.experiments.experiment import Findings
from transformer_core.training.experiments.spread import exactly, spread
from transformer_core.training.experiments.transfer.measurement import Measurement
from transformer_core.training.experiments.transfer.setting import PRETRAINED, Setting


def conclude(settings: Sequence[Setting], measured: Sequence[Measurement]) -> Findings:
    """Means over seeds as curves, and their spread with the most examples."""
    series, fitted = [], {}
    for setting, found in zip(settings, measured, strict=True):
        x = tuple(map(float, setting.examples))
        y = tuple(round(fmean(by_seed), 4) for by_seed in found.accuracy)
        series.append(Series(setting.way, "labelled examples", "right answers, share", x, y))
        most = f"{setting.way}: right answers from {setting.examples[-1]:,} examples"
        fitted[most] = spread(found.accuracy[-1])
    fitted["right answers by the loss alone, without labels"] = exactly(measured[0].without_labels)
    return Findings(tuple(series), tokens=PRETRAINED, fitted=fitted)
