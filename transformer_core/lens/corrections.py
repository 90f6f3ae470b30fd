"""How much an online softmax has to correct, read from the weights of a finished one."""

from __future__ import annotations

from math import log

import torch
from torch import Tensor

from transformer_core.transformer import TransformerTrace

PLAIN = 1 / 4  # a correction that is easily seen


def strongest_correction(weights: Tensor, tile: int) -> Tensor:
    """The smallest e^(m before - m) of the last row, in tiles of so many keys; 1 where none is.

    Weights are e^(score - m) / l of one m and l: a correction is a ratio of the highest so far.

    Shapes: weights [head, query, key] to [head].
    """
    highest = torch.stack([part.amax(-1) for part in weights[:, -1].split(tile, dim=-1)], dim=-1)
    so_far = highest.cummax(dim=-1).values
    before = torch.cat([so_far[:, :1], so_far[:, :-1]], dim=-1)  # the first tile corrects nothing
    return (before / so_far).nan_to_num(1).amin(-1)


def most_plainly_corrected(trace: TransformerTrace, tile: int) -> tuple[int, int]:
    """The layer and head, counted from 0, whose strongest correction is nearest to `PLAIN`."""
    blocks = [block.attention.weights[0] for block in trace.blocks]
    found = torch.stack([strongest_correction(weights, tile) for weights in blocks])
    distance = (found.clamp_min(1e-30).log() - log(PLAIN)).abs()
    best = int(distance.argmin())
    return best // found.shape[1], best % found.shape[1]
