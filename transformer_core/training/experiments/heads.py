"""Many heads, shared keys and values, or one head: loss, cache and speed at equal parameters."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from statistics import median

import torch

from transformer_core.config import TransformerConfig
from transformer_core.decoding import bind
from transformer_core.kv_cache import KVCache
from transformer_core.laws.costs import kv_cache_bytes
from transformer_core.lens.longer_context import loss_by_position
from transformer_core.lens.timing import CLOCK
from transformer_core.records.result import Series
from transformer_core.training.experiments.experiment import (
    Experiment,
    Findings,
    Measured,
    Place,
    Setting,
)
from transformer_core.training.experiments.trainings import (
    DATA,
    N_VOCAB,
    Trials,
    held_out_windows,
)
from transformer_core.transformer import Transformer

# (n_heads, n_kv_heads) of each variant, in sixths of the width.
VARIANTS = {
    "MHA, 6 heads": (6, 6),
    "GQA, 6 heads, 2 for keys and values": (6, 2),
    "MQA, 6 heads, 1 for keys and values": (6, 1),
    "one head": (1, 1),
}
CONTEXTS = (64, 256, 1024, 4096)  # tokens in the cache when a token is written
WIDE = {"d_model": 576, "n_layers": 4}  # timed: wide enough for the cache to weigh something


def settings(place: Place, quick: bool) -> list[Setting]:
    """One for each way of sharing keys and values."""
    return [
        {
            "variant": name,
            "n_heads": n_heads,
            "n_kv_heads": n_kv_heads,
            "d_model": 24 if quick else 96,
            "n_layers": 1 if quick else 4,
            "tokens": 10 * 512 if quick else 1_228_800,
            "tuning_tokens": 10 * 512 if quick else 307_200,
            "context_length": 32 if quick else 128,
            "batch_size": 16,
            "learning_rate": 4e-3,
            "seeds": [1, 2] if quick else [1, 2, 3],
            "windows": 4 if quick else 256,
            "timed": {"d_model": 24, "n_layers": 1} if quick else WIDE,
            "contexts": [16, 32] if quick else list(CONTEXTS),
        }
        for name, (n_heads, n_kv_heads) in VARIANTS.items()
    ]


def config(setting: Setting) -> TransformerConfig:
    """What narrower keys and values save goes into the feed-forward network.

    Keys and values have 2 d_model d_kv weights, the network 2 d_model d_ff, so that d_ff + d_kv =
    5 d_model gives all variants the same number of parameters.
    """
    d_model = setting["d_model"]
    d_kv = d_model // setting["n_heads"] * setting["n_kv_heads"]
    return TransformerConfig(
        vocab_size=N_VOCAB,
        context_length=setting["context_length"],
        d_model=d_model,
        n_layers=setting["n_layers"],
        n_heads=setting["n_heads"],
        n_kv_heads=setting["n_kv_heads"],
        d_ff=5 * d_model - d_kv,
        position="rope",
        norm="rms_norm",
        bias=False,
    )


def _model(setting: Setting, seed: int) -> Transformer:
    model = Transformer(config(setting))
    model.initialise(seed)
    return model


def measure(setting: Setting, place: Place) -> Measured:
    """Held-out loss of every seed, the cache's size, and the time of one new token."""
    trials = Trials(setting, place, partial(_model, setting))
    tuned = trials.tune()
    windows = held_out_windows(place, setting["context_length"], setting["windows"])
    losses = [
        round(loss_by_position(run.model, windows).mean().item(), 4)
        for run in trials.runs(tuned.learning_rate)
    ]
    return {
        "learning_rate": tuned.learning_rate,
        "tried": tuned.tried,
        "parameters": sum(p.numel() for p in _model(setting, 0).parameters()),
        "losses": losses,
        "cache_bytes": kv_cache_bytes(config(setting), 1),
        "milliseconds": [
            round(1e3 * decoding_seconds(config(setting | setting["timed"]), n), 4)
            for n in setting["contexts"]
        ],
    }


@torch.inference_mode()
def decoding_seconds(config: TransformerConfig, n: int, repeats: int = 15) -> float:
    """Median time of one new token with n in the cache, seconds; weights' values do not matter."""
    model = Transformer(replace(config, context_length=n + repeats + 3))
    model.initialise(0)
    cache = KVCache(model.config)
    for layer in cache.layers:
        layer.length = n
    step, taken = bind(model, cache), []
    for _ in range(repeats + 3):
        start = CLOCK()
        step(1)
        taken.append(CLOCK() - start)
    return median(taken[3:])


def conclude(settings: list[Setting], measured: list[Measured]) -> Findings:
    """Loss against cache, and time against context."""
    series = []
    for setting, found in zip(settings, measured, strict=True):
        cache = (float(found["cache_bytes"]),) * len(found["losses"])
        series.append(
            Series(
                setting["variant"],
                "KV cache, bytes per token (16-bit)",
                "loss on held-out text, nats per token",
                cache,
                tuple(found["losses"]),
            )
        )
    for setting, found in zip(settings, measured, strict=True):
        series.append(
            Series(
                setting["variant"],
                "tokens in the cache",
                "time of a new token, milliseconds",
                tuple(map(float, setting["contexts"])),
                tuple(found["milliseconds"]),
            )
        )
    return Findings(
        series=tuple(series),
        tokens=settings[0]["tokens"],
        remark=_remark(settings, measured),
    )


def _remark(settings: list[Setting], measured: list[Measured]) -> str:
    means = [sum(found["losses"]) / len(found["losses"]) for found in measured]
    spread = max(max(found["losses"]) - min(found["losses"]) for found in measured)
    said = [
        f"{setting['variant']}: loss {mean:.3f}, {found['cache_bytes']:,} bytes of cache a token, "
        f"{found['milliseconds'][-1]:.1f} ms a new token after {setting['contexts'][-1]:,}."
        for setting, found, mean in zip(settings, measured, means, strict=True)
    ]
    apart = max(means) - min(means)
    verdict = (
        f"The variants lie {apart:.3f} nats apart, seeds of one variant up to {spread:.3f}"
        + (
            ", so at this size the order of losses is within noise; a larger model and more text "
            "would be needed to tell them apart."
            if apart <= spread
            else "."
        )
    )
    return " ".join([verdict, *said])


EXPERIMENT = Experiment(
    name="heads",
    question="What do many heads bring, and what does sharing their keys and values cost?",
    varied="how many heads ask, and how many keys and values they share",
    held_equal="the number of parameters (a wider feed-forward network takes up what narrower keys "
    "and values save), text and its order; the learning rate tuned for each variant",
    measured="held-out loss of three seeds; bytes of KV cache per token; time of one new token on "
    f"one thread in a model of the same kind, {WIDE['d_model']} wide with {WIDE['n_layers']} "
    "layers and random weights",
    data=DATA,
    settings=settings,
    measure=measure,
    conclude=conclude,
)
