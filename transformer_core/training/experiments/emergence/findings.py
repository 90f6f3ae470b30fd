"""Every quantity against the tokens that a model has seen."""

from __future__ import annotations

from collections.abc import Sequence

from transformer_core.lens.head_roles import chance
from transformer_core.records.result import Series, Text
from transformer_core.shipped_vocabulary import load_shipped
from transformer_core.training.experiments.emergence.measurement import (
    HEADS,
    SOURCES,
    Measurement,
    repeated,
)
from transformer_core.training.experiments.emergence.setting import Look
from transformer_core.training.experiments.experiment import Findings


def conclude(settings: Sequence[Look], measured: Sequence[Measurement]) -> Findings:
    """Losses and heads beside what uniform attention gives, and the texts."""
    x = tuple(float(setting.tokens_seen) for setting in settings)
    nats, weight = "loss, nats per token", "weight on the role's target, strongest head"

    def series(name: str, y_label: str, y: list[float]) -> Series:
        return Series(name, "tokens seen", y_label, x, tuple(y))

    even = chance(load_shipped(), repeated(settings[0].sequences), tuple(HEADS))
    curves = [series(source, nats, [m.loss[source] for m in measured]) for source in SOURCES]
    curves += [
        series("random tokens", nats, [m.first_time for m in measured]),
        series("random tokens again", nats, [m.second_time for m in measured]),
    ]
    for role, name in HEADS.items():
        curves.append(series(name, weight, [m.heads[role] for m in measured]))
        curves.append(series(f"{name}, uniform attention", weight, [round(even[role], 4)] * len(x)))
    return Findings(
        series=tuple(curves),
        tokens=settings[-1].tokens_seen,
        texts=tuple(
            Text(at, m.text)
            for at, m, setting in zip(x, measured, settings, strict=True)
            if setting.written
        ),
    )
