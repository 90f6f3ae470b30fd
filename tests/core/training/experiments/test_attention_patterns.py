"""What text models of several patterns lose, seed by seed, in bins that double."""

import torch

from transformer_core.training.experiments.attention_patterns.findings import conclude
from transformer_core.training.experiments.attention_patterns.measurement import (
    Measurement,
    doubling,
    edges,
)
from transformer_core.training.experiments.attention_patterns.setting import settings
from transformer_core.training.experiments.learning_rate import Tuned


def text(means, last):
    nats = tuple((6.0, 5.0, 4.5, 4.0, 3.5, last - shift) for shift in (0, 0.1))
    return Measurement(Tuned(0.1, {}), pairs=0.25, flops=0.9, mean=means, nats=nats)


def test_what_text_models_lose_is_compared_seed_by_seed():
    means = {"full": (3.0, 3.2), "chunks": (3.1, 3.3), "dilated": (2.9, 3.1)}
    some = [setting for setting in settings(None, True) if setting.pattern in means]
    findings = conclude(some, [text(m, 3.4) for m in means.values()])
    above = [series for series in findings.series if "minus" in series.y_label]
    assert [series.name for series in above] == ["chunks", "dilated"]
    assert all(set(series.y) == {0.0} for series in above)
    loss = findings.fitted["chunks: mean loss"]
    assert (loss.low, loss.value, loss.high) == (3.1, 3.2, 3.3)
    assert findings.fitted["dilated: share of flops"].value == 0.9


def test_bins_double_and_hold_every_position_once():
    assert edges(128) == [0, 1, 2, 4, 8, 16, 32, 64, 128]
    assert edges(12) == [0, 1, 2, 4, 8, 12]
    assert doubling(torch.arange(8.0)) == (0, 1, 2.5, 5.5)
