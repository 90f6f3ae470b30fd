"""A pass in turns, block by block: a server lets others run in between, and a clock adds up."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from functools import partial
from typing import TypeVar

import torch
from torch import Tensor

from transformer_core.kv_cache import KVCache
from transformer_core.transformer import Transformer

T = TypeVar("T")
Turn = Callable[[], AbstractContextManager[object]]

# Other programs do not add to a thread's own time; some systems know it only to 16 milliseconds.
CLOCK = (
    time.thread_time if time.get_clock_info("thread_time").resolution < 1e-5 else time.perf_counter
)


class Stopwatch:
    """Adds up the thread's time over turns."""

    def __init__(self, turn: Turn) -> None:
        self.turn, self.seconds = turn, 0.0

    def run(self, work: Callable[[], T]) -> T:
        """What `work` returns, its time added."""
        with self.turn():
            start = CLOCK()
            made = work()
            self.seconds += CLOCK() - start
        return made


def sliced_pass(
    model: Transformer,
    token_ids: Sequence[int],
    watch: Stopwatch,
    cache: KVCache | None = None,
    n_last: int = 1,
    mask: Tensor | None = None,
) -> Tensor:
    """`Transformer.forward`, a turn for each block: logits of the last n positions, [n, vocab]."""
    ids = torch.tensor([token_ids], device=model.embedding.device)
    with torch.inference_mode():
        x = watch.run(partial(model.embed, ids, cache))
        for i, block in enumerate(model.blocks):
            x = watch.run(partial(block, x, mask, cache.layers[i] if cache else None))
        return watch.run(lambda: model.unembed(model.final_norm(x[:, -n_last:])))[0]
