"""What follows: the share of right answers against the number of pictures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import fmean

from transformer_core.laws.estimate import Estimate
from transformer_core.records.result import Series
from transformer_core.training.experiments.experiment import Findings
from transformer_core.training.experiments.pictures.measurement import Measurement
from transformer_core.training.experiments.pictures.setting import Setting
from transformer_core.training.experiments.spread import exactly, spread

PICTURES, RIGHT = "pictures in training", "held-out pictures named right, share"
TRIED = "loss in nats, last fifth of a training"


def conclude(settings: Sequence[Setting], measured: Sequence[Measurement]) -> Findings:
    """Accuracy of each network, with its seeds, and the learning rates that were tried."""
    pairs = list(zip(settings, measured, strict=True))
    accuracy = [curve for s, m in pairs for curve in _accuracy(s, m)]
    tried = [_tried(s.network, m) for s, m in pairs]
    fitted: dict[str, Estimate] = {}
    for s, m in pairs:
        fitted[f"{s.network}: learning rate"] = exactly(m.tuned.learning_rate)
        for n, right in zip(s.pictures, m.right, strict=True):
            shares = [each / s.test_pictures for each in right]
            fitted[f"{s.network}: right after {n} pictures"] = spread(shares)
    return Findings((*accuracy, *tried), tokens=settings[0].tokens, fitted=fitted)


def _accuracy(setting: Setting, m: Measurement) -> Iterator[Series]:
    x = tuple(map(float, setting.pictures))
    for of, among in (("", fmean), (", lowest seed", min), (", highest seed", max)):
        y = tuple(round(among(right) / setting.test_pictures, 4) for right in m.right)
        yield Series(setting.network + of, PICTURES, RIGHT, x, y)


def _tried(network: str, m: Measurement) -> Series:
    tried = {float(rate): loss for rate, loss in m.tuned.tried.items() if loss is not None}
    return Series(f"{network}: tried", "learning rate", TRIED, tuple(tried), tuple(tried.values()))
