"""Seven patterns of attention, trained alike on text: what a look further back is worth."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import pairwise
from statistics import fmean

import torch
from torch import Tensor

from transformer_core.config import TransformerConfig
from transformer_core.laws.costs import forward_flops
from transformer_core.laws.estimate import Estimate
from transformer_core.lens.longer_context import loss_by_position
from transformer_core.training.experiments.experiment import (
    Experiment,
    Findings,
    Measured,
    Place,
    Setting,
)
from transformer_core.training.experiments.result import Series
from transformer_core.training.experiments.trainings import (
    DATA,
    N_VOCAB,
    Trials,
    held_out_windows,
)
from transformer_core.training.patterned import (
    PATTERNS,
    layer_patterns,
    pairs_share,
    patterned_transformer,
)
from transformer_core.transformer import Transformer

FULL = next(iter(PATTERNS))


def settings(place: Place, quick: bool) -> list[Setting]:
    """One for each pattern."""
    return [
        {
            "pattern": pattern,
            "window": 3 if quick else 8,
            "d_model": 16 if quick else 64,
            "n_layers": 4,
            "n_heads": 4,
            "context_length": 16 if quick else 128,
            "batch_size": 8 if quick else 16,
            "tokens": 10 * 128 if quick else 819_200,
            "tuning_tokens": 10 * 128 if quick else 122_880,
            "optimizer": "muon",
            "learning_rate": 0.1 if quick else 8e-3,
            "seeds": [1] if quick else [1, 2],
            "windows": 4 if quick else 1024,
        }
        for pattern in PATTERNS
    ]


def config(setting: Setting, vocab_size: int = N_VOCAB) -> TransformerConfig:
    """Of every model here; the patterns have no parameters."""
    return TransformerConfig(
        vocab_size=vocab_size,
        context_length=setting["context_length"],
        d_model=setting["d_model"],
        n_layers=setting["n_layers"],
        n_heads=setting["n_heads"],
        n_kv_heads=setting["n_heads"],
        d_ff=4 * setting["d_model"],
        position="rope",
        norm="rms_norm",
        bias=False,
    )


def patterns_of(setting: Setting) -> Tensor:
    """[layer, query, key]."""
    names = ("pattern", "context_length", "window", "n_layers")
    return layer_patterns(*(setting[name] for name in names))


def model(setting: Setting, vocab_size: int, seed: int) -> Transformer:
    """The same start for every pattern."""
    made = patterned_transformer(config(setting, vocab_size), patterns_of(setting))
    made.initialise(seed)
    return made


def measure(setting: Setting, place: Place) -> Measured:
    """Loss by position of every seed, in bins that double; what the pattern looks at and costs."""
    windows = held_out_windows(place, setting["context_length"], setting["windows"])
    trials = Trials(setting, place, partial(model, setting, N_VOCAB))
    tuned = trials.tune()
    losses = [loss_by_position(run.model, windows) for run in trials.runs(tuned.learning_rate)]
    return {
        "learning_rate": tuned.learning_rate,
        "tried": tuned.tried,
        "parameters": sum(p.numel() for p in model(setting, N_VOCAB, 0).parameters()),
        "pairs": pairs_share(patterns_of(setting)),
        "flops": flops_share(setting),
        "mean": [round(float(loss.mean()), 4) for loss in losses],
        "nats": [_doubling(loss) for loss in losses],
    }


def flops_share(setting: Setting) -> float:
    """Of a pass over a whole window, where hidden pairs are skipped; of the full causal stack's.

    (linear + 4 d_model pairs) / (linear + 4 d_model causal pairs), unembedding included; as in
    `laws.costs`.
    """
    n = setting["context_length"]
    cost, causal = forward_flops(config(setting), n), (n + 1) / (2 * n)
    rest, all_pairs = cost.linear + cost.unembedding, cost.attention * causal
    return (rest + all_pairs * pairs_share(patterns_of(setting))) / (rest + all_pairs)


def _edges(n: int) -> list[int]:
    """Bins of positions that double in width: 0, 1, 2 to 3, 4 to 7, ..., up to n."""
    return [0, *(2**i for i in range((n - 1).bit_length())), n]


def _doubling(loss: Tensor) -> list[float]:
    edges = _edges(len(loss))
    return [round(float(part.mean()), 4) for part in loss.tensor_split(edges[1:-1])]


def conclude(settings: list[Setting], measured: list[Measured]) -> Findings:
    """Loss by position and its difference to full attention; mean loss against pairs."""
    edges = _edges(settings[0]["context_length"])
    middles = tuple((a + b + 1) / 2 for a, b in pairwise(edges))
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
            "mean loss of each seed, nats per token",
            (round(m["pairs"], 4),) * max(2, len(m["mean"])),
            tuple((m["mean"] * 2)[: max(2, len(m["mean"]))]),
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
        remark=_remark(settings, measured, nats, edges),
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
    settings: list[Setting], measured: list[Measured], nats: dict[str, Tensor], edges: list[int]
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
        f"{edges[-3]} to {edges[-2] - 1} to the later ones: so much there is to gain far back at "
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


EXPERIMENT = Experiment(
    name="attention_patterns",
    question="What does a text model lose that looks at few of its tokens?",
    varied="which earlier tokens each layer may look at",
    held_equal="parameters and their start for each seed, text and its order, tokens; the learning "
    "rate tuned for each pattern. Query-key pairs: the window's, the chunks' and the blocks' are "
    "exactly as many, the dilated ones' up to 8 % fewer; full and 3 : 1 look at more",
    measured="mean loss on held-out windows by the tokens of context, for two seeds; pairs are "
    "counted in the masks, FLOPs as if hidden pairs were skipped (this code computes and hides "
    "them)",
    data=DATA,
    settings=settings,
    measure=measure,
    conclude=conclude,
)
