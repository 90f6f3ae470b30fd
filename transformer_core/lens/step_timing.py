"""Measured: one more token with the cache and without, and how fast this machine is at its best.

A pass is timed block by block, each in a turn of its own, so that a server can let others run in
between. Time is that of the thread, which other programs do not add to.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from itertools import cycle, islice

import torch

from transformer_core.fast.decoding import Decoder
from transformer_core.transformer import Transformer
from transformer_core.turns import Stopwatch, Turn, sliced_pass

LEAST, ENOUGH = 5, 0.8  # rounds; seconds after which five are enough
MOST = 9
MATRIX = 4096  # rows and columns: 64 MiB, more than a processor's own caches hold
SQUARE = 768  # of the product that is all arithmetic: a tenth of a second on a slow core


@dataclass(frozen=True)
class StepTime:
    """The shortest of several runs, in seconds, of the step that reads token number n."""

    n: int
    cached: float
    uncached: float


@dataclass(frozen=True)
class MachineLimits:
    """Reached by one thread with 32-bit numbers: FLOP and bytes for each second."""

    flops: float
    bandwidth: float


@torch.inference_mode()
def time_step(
    model: Transformer, token_ids: Sequence[int], n: int, turn: Turn = nullcontext
) -> StepTime:
    """Both ways in alternation, so that a busy moment falls on both; the text is repeated to n.

    Raises:
        ValueError: n beyond the context, or below 2.
    """
    if not 2 <= n <= model.config.context_length:
        raise ValueError(f"a step after {n - 1} tokens cannot be measured with this model")
    ids = list(islice(cycle(token_ids), n))
    decoder = Decoder(model, n)
    sliced_pass(model, ids[:-1], Stopwatch(turn), decoder.cache)
    cached: list[float] = []
    uncached: list[float] = []
    while len(cached) < LEAST or (sum(uncached) < ENOUGH and len(cached) < MOST):
        for layer in decoder.cache.layers:
            layer.length = n - 1
        with_cache, without = Stopwatch(turn), Stopwatch(turn)
        with_cache.run(lambda: decoder.next_logits(ids[-1:]))
        sliced_pass(model, ids, without)
        cached.append(with_cache.seconds)
        uncached.append(without.seconds)
    return StepTime(n, min(cached), min(uncached))


@torch.inference_mode()
def machine_limits(turn: Turn = nullcontext) -> MachineLimits:
    """A matrix times a vector waits for memory, a product of two matrices for arithmetic."""
    large, vector = torch.ones(MATRIX, MATRIX), torch.ones(MATRIX, 1)
    square = torch.ones(SQUARE, SQUARE)
    reading = shortest(lambda: large @ vector, turn)
    computing = shortest(lambda: square @ square, turn)
    return MachineLimits(2 * SQUARE**3 / computing, large.nbytes / reading)


def shortest(work: Callable[[], object], turn: Turn, times: int = 5) -> float:
    """Seconds of the shortest of several runs, each in a turn; the first is not counted."""
    found = []
    for _ in range(times + 1):
        watch = Stopwatch(turn)
        watch.run(work)
        found.append(watch.seconds)
    return min(found[1:])
