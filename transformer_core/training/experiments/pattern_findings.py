"""What follows from text models of several patterns: loss by context, and by pairs looked at."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import fmean

import torch
from torch import Tensor

from transformer_core.laws.estimate import Estimate
from transformer_core.records.result import Series
from transformer_core.training.experiments.experiment import Findings, Measured, Setting
from transformer_core.training.patterned import PATTERNS

FULL = next(iter(PATTERNS))


def edges(n: int) -> list[int]:
    """Bins of positions that double in width: 0, 1, 2 to 3, 4 to 7, ..., up to n."""
    return [0, *(2**i for i in range((n - 1).bit_length())), n]


def conclude(settings: list[Setting], measured: list[Measured]) -> Findings:
    """Loss by position and its difference to full attention; mean loss against pairs."""
    bounds = edges(settings[0]["context_length"])
    middles = tuple((a + b + 1) / 2 for a, b in pairwise(bounds))
    nats = {s["pattern"]: torch.tensor(m["nats"]) for s, m in zip(settings, measured, strict=True)}

    def series(name: str, y_label: str, y: Tensor) -> Series:
        values = tuple(round(float(value), 4) for value in y.mean(0))
        return Series(name, "tokens of context", y_label, middles, values)

    by_position = [series(name, "loss, nats per token", y) for name, y in nats.items()]
    above_full = [
        series(name, "loss above full attention's, nats per token", y - nats[FULL])
        for name, y in nats.items()
        if name != FULL
    ]
    by_pairs = [
        Series(
            s["pattern"],
            "query-key pairs looked at, share of the causal ones",
            "mean loss, least and greatest of the seeds, nats per token",
            (round(m["pairs"], 4),) * 2,
            (min(m["mean"]), max(m["mean"])),
        )
        for s, m in zip(settings, measured, strict=True)
    ]
    fitted: dict[str, Estimate] = {}
    for s, m in zip(settings, measured, strict=True):
        for quantity in ("pairs", "flops"):
            fitted[f"{s['pattern']}: share of {quantity}"] = exactly(m[quantity])
        fitted[f"{s['pattern']}: mean loss"] = spread(m["mean"])
    return Findings(
        series=(*by_position, *above_full, *by_pairs),
        tokens=settings[0]["tokens"],
        remark=_remark(settings, measured, nats, bounds),
        fitted=fitted,
    )


def exactly(value: float) -> Estimate:
    """What is counted, not measured."""
    value = round(value, 4)
    return Estimate(value, value, value)


def spread(by_seed: Sequence[float]) -> Estimate:
    """Mean over seeds; low and high are the least and the greatest of them."""
    return Estimate(round(fmean(by_seed), 4), min(by_seed), max(by_seed))


def _remark(
    settings: list[Setting], measured: list[Measured], nats: dict[str, Tensor], bounds: list[int]
) -> str:
    names = [s["pattern"] for s in settings]
    means = {name: m["mean"] for name, m in zip(names, measured, strict=True)}
    above = {
        name: [mine - full for mine, full in zip(means[name], means[FULL], strict=True)]
        for name in names[1:]
    }
    noise = max(max(m) - min(m) for m in means.values())
    listed = ", ".join(
        f"{name} {fmean(above[name]):+.3f} ({m['pairs']:.0%} of the pairs, {m['flops']:.0%} of "
        "the FLOPs)"
        for name, m in zip(names, measured, strict=True)
        if name != FULL
    )
    bins = nats[FULL].mean(0)
    return (
        f"Full attention: {fmean(means[FULL]):.3f} nats per token. Above it, of the same seed: "
        f"{listed}. {_verdicts(above)} Seeds of one pattern differ by up to {noise:.3f}. Full "
        f"attention's own loss falls by {float(bins[-2] - bins[-1]):.3f} from positions "
        f"{bounds[-3]} to {bounds[-2] - 1} to the later ones: so much there is to gain far back at "
        f"this size, {settings[0]['tokens']:,} tokens of training and "
        f"{settings[0]['context_length']} of context."
    )


def _verdicts(above: dict[str, list[float]]) -> str:
    """Which are worse, better, or either, by seed."""
    kinds = {
        "Worse than full with every seed": [n for n, d in above.items() if min(d) > 0],
        "Better with every seed": [n for n, d in above.items() if max(d) < 0],
        "Worse or better by seed": [n for n, d in above.items() if min(d) <= 0 <= max(d)],
    }
    return " ".join(f"{kind}: {', '.join(names)}." for kind, names in kinds.items() if names)
