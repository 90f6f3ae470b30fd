"""What the logits say: which row made them, how they rank, the loss of each next token."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, log

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor


@dataclass(frozen=True)
class Ranking:
    """The logits of each position from the largest to the smallest.

    token_ids and first [position, n_exact]: the likeliest tokens and their logits. rest
    [position, n_groups]: the logits after those, `group` tokens to each number, which is their
    log-mean-exp, ln(sum of e^z / group); with `group` 1 it is the logit itself.
    """

    token_ids: Tensor
    first: Tensor
    rest: Tensor
    group: int


def rank_logits(logits: Tensor, n_exact: int, n_groups: int) -> Ranking:
    """Sort logits [position, vocab] for a reader who needs the first ones and the rest's weight.

    Softmax, temperature and every filter need an order and sums, not names: of the long tail,
    values are enough, and of a large vocabulary, groups of neighbours.
    """
    n_exact = min(n_exact, logits.shape[-1])
    first, token_ids = logits.topk(n_exact)
    # By NumPy, which sorts without places in a fraction of torch's time.
    ascending = torch.from_numpy(np.sort(logits.numpy(force=True), axis=-1))
    rest = ascending[:, : logits.shape[-1] - n_exact].flip(-1)
    group = max(1, ceil(rest.shape[-1] / n_groups))
    padding = -rest.shape[-1] % group
    padded = F.pad(rest, (0, padding), value=-torch.inf)
    means = padded.unflatten(-1, (-1, group)).logsumexp(-1) - log(group) if group > 1 else rest
    return Ranking(token_ids, first, means, group)


def token_losses(logits: Tensor, token_ids: Tensor) -> Tensor:
    """-ln p(next token) = ln Σ e^z - z_next in nats, [..., position - 1]; their mean is the loss.

    Not by PyTorch's cross entropy: along a strided axis it was seen 2e-4 off on a processor.

    Args:
        logits: [..., position, vocab].
        token_ids: [..., position]; the first has nothing before it and so no loss.
    """
    z = logits[..., :-1, :]
    return z.logsumexp(-1) - z.gather(-1, token_ids[..., 1:, None])[..., 0]


def ranks(logits: Tensor, token_ids: Tensor) -> Tensor:
    """How many tokens each row of logits [n, vocab] holds likelier than the given one, [n]."""
    return (logits > logits.gather(-1, token_ids[:, None])).sum(-1)


def bits(nats: float) -> float:
    """Nats / ln 2."""
    return nats / log(2)
