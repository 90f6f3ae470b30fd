"""What text models of several patterns lose: loss by context, and by pairs attended to."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor

from transformer_core.laws.estimate import Estimate
from transformer_core.records.result import Series
from transformer_core.training.experiments.attention_patterns.measurement import (
    Measurement,
    edges,
)
from transformer_core.training.experiments.attention_patterns.setting import Setting
from transformer_core.training.experiments.experiment import Findings
from transformer_core.training.experiments.spread import exactly, spread
from transformer_core.training.patterned import PATTERNS

FULL = next(iter(PATTERNS))


def conclude(settings: Sequence[Setting], measured: Sequence[Measurement]) -> Findings:
    """Loss by position and its difference to full attention; mean loss against pairs."""
    by_pattern = {s.pattern: m for s, m in zip(settings, measured, strict=True)}
    fitted: dict[str, Estimate] = {}
    for name, m in by_pattern.items():
        fitted[f"{name}: share of pairs"] = exactly(m.pairs)
        fitted[f"{name}: share of flops"] = exactly(m.flops)
        fitted[f"{name}: mean loss"] = spread(m.mean)
    return Findings(
        series=(
            *_by_position(by_pattern, settings[0].context_length),
            *_by_pairs(by_pattern),
        ),
        tokens=settings[0].tokens,
        fitted=fitted,
    )


def _by_position(by_pattern: dict[str, Measurement], length: int) -> list[Series]:
    middles = tuple((a + b + 1) / 2 for a, b in pairwise(edges(length)))
    nats = {name: torch.tensor(m.nats) for name, m in by_pattern.items()}

    def series(name: str, y_label: str, y: Tensor) -> Series:
        values = tuple(round(float(value), 4) for value in y.mean(0))
        return Series(name, "tokens of context", y_label, middles, values)

    above = {name: y - nats[FULL] for name, y in nats.items() if name != FULL}
    return [
        *(series(name, "loss, nats per token", y) for name, y in nats.items()),
        *(
            series(name, "loss minus that of full attention, nats per token", y)
            for name, y in above.items()
        ),
    ]


def _by_pairs(by_pattern: dict[str, Measurement]) -> list[Series]:
    return [
        Series(
            name,
            "query-key pairs attended to, share of the causal ones",
            "mean loss, least and greatest of the seeds, nats per token",
            (round(m.pairs, 4),) * 2,
            (min(m.mean), max(m.mean)),
        )
        for name, m in by_pattern.items()
    ]
