"""What a step of training takes at each length, on one thread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from statistics import median

import torch
import torch.nn.functional as F
from torch import nn

from transformer_core.lens.timing import CLOCK


def time_steps(
    models: Mapping[str, nn.Module], lengths: Sequence[int], n_vocab: int, repeats: int
) -> dict[str, list[float]]:
    """Seconds of forward and backward over one window of each length, in float32.

    All are timed in turn, `repeats` times after one that is not counted, so that what slows the
    machine down for a while slows down all; the median of each.
    """
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        rounds = [
            {(name, n): _seconds(models[name], n, n_vocab) for n, name in product(lengths, models)}
            for _ in range(repeats + 1)
        ][1:]
    finally:
        torch.set_num_threads(threads)
    return {name: [median(taken[name, n] for taken in rounds) for n in lengths] for name in models}


def _seconds(model: nn.Module, n: int, n_vocab: int) -> float:
    token_ids = torch.arange(n + 1)[None] % n_vocab
    start = CLOCK()
    logits = model(token_ids[:, :-1])
    F.cross_entropy(logits.flatten(0, 1), token_ids[0, 1:]).backward()
    taken = CLOCK() - start
    model.zero_grad()
    return taken
