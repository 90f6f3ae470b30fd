"""Loss against cache, and time against context."""

from __future__ import annotations

from collections.abc import Sequence

from transformer_core.records.result import Series
from transformer_core.training.experiments.experiment import Findings
from transformer_core.training.experiments.heads.measurement import Measurement
from transformer_core.training.experiments.heads.setting import Setting


def conclude(settings: Sequence[Setting], measured: Sequence[Measurement]) -> Findings:
    """Two curves for each variant."""
    variants = list(zip(settings, measured, strict=True))
    losses = [
        Series(
            setting.variant,
            "KV cache, bytes per token (16-bit)",
            "loss on held-out text, nats per token",
            (float(found.cache_bytes),) * len(found.losses),
            found.losses,
        )
        for setting, found in variants
    ]
    times = [
        Series(
            setting.variant,
            "tokens in the cache",
            "time of a new token, milliseconds",
            tuple(map(float, setting.contexts)),
            found.milliseconds,
        )
        for setting, found in variants
    ]
    return Findings((*losses, *times), tokens=settings[0].tokens)
