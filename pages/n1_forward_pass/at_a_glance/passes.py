"""Sentences that have been through the model, remembered; of a new one only the rest is run.

A sentence that begins like a remembered one shares the rows of those tokens: none sees the future.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile

import torch
from torch import Tensor

from pages.n1_forward_pass.at_a_glance.trace_rows import TraceRows, trace_rows
from transformer_core.fast.memory import give_back_memory
from transformer_core.kv_cache import KVCache
from ui.models import HEAVY_PASSES, LoadedModel
from ui.remembered import Remembered

REMEMBERED = 80 << 20  # bytes of passes
MUCH = 2_000  # rows of layers: the trace of so many is large beside all that is kept


@dataclass(frozen=True)
class Pass:
    """A sentence that has been through the model: its numbers, and the cache to go on."""

    rows: TraceRows
    last_logits: Tensor  # [vocab]
    cache: KVCache
    computed: int  # tokens that no remembered pass began with


_passes: Remembered[Pass] = Remembered(REMEMBERED)


def run(loaded: LoadedModel, token_ids: tuple[int, ...]) -> Pass:
    """The pass of these tokens; where the text begins like one before, only the rest is run."""
    key = (loaded.name, token_ids)
    if known := _passes.get(key):
        return known
    done = _compute(loaded, token_ids, *_nearest(*key))
    _passes.keep(key, done)
    if done.computed * loaded.config.n_layers > MUCH:
        give_back_memory()
    return done


def _nearest(name: str, token_ids: tuple[int, ...]) -> tuple[Pass | None, int]:
    """The remembered pass that shares most of the beginning, and how many tokens that is.

    The last token is never shared: its logits are wanted.
    """
    best, most = None, 0
    for (model, ids), done in _passes.items():
        pairs = zip(ids, token_ids[:-1], strict=False)
        shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
        if model == name and shared > most:
            best, most = done, shared
    return best, most


def _compute(
    loaded: LoadedModel, token_ids: tuple[int, ...], before: Pass | None = None, shared: int = 0
) -> Pass:
    model, new = loaded.model, token_ids[shared:]
    with HEAVY_PASSES, torch.inference_mode():
        size = len(token_ids)
        cache = before.cache.copy(size, shared) if before else KVCache(model.config, size)
        trace = model.trace(torch.tensor([new]), cache=cache)
        rows = trace_rows(trace)
    return Pass(
        rows=before.rows.followed_by(rows, shared) if before else rows,
        last_logits=trace.logits[0, -1].clone(),  # a view would keep the logits of all positions
        cache=cache,
        computed=len(new),
    )
