"""What becomes of attention without its division, and how sharp a softmax is."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

import numpy as np
import torch
from torch import Tensor

from transformer_core.attention import AttentionTrace, masked_softmax
from transformer_core.transformer import TransformerTrace


def undivided(attention: AttentionTrace) -> Tensor:
    """softmax(Q K^T): the weights if the scores were not divided by sqrt(d_head).

    Without a positional bias, which is added after the division. Shape [batch, head, query, key].
    """
    return masked_softmax(attention.scores * sqrt(attention.q.shape[-1]), attention.mask)


def most_telling_head(trace: TransformerTrace) -> tuple[int, int]:
    """`most_telling` of a trace's first sequence."""
    return most_telling(np.stack([block.attention.weights[0].numpy() for block in trace.blocks]))


def most_telling(weights: np.ndarray) -> tuple[int, int]:
    """The layer and head whose last query, more than the other queries, reads one word far off.

    max over keys of (its weight - the mean weight that the queries after the key give to it), both
    counted from 0. Neither the query itself counts, nor the word before, nor the first word, on
    which idle heads rest; in a text of less than four tokens all do.

    Args:
        weights: [layer, head, query, key], in any unit.
    """
    n = weights.shape[-1]
    later = np.tril(weights, -1).sum(-2) / np.maximum(np.arange(n - 1, -1, -1), 1)
    gain = weights[:, :, -1] - later
    far = gain[:, :, 1:-2] if n > 3 else gain
    best = int(far.max(-1).argmax())
    return best // weights.shape[1], best % weights.shape[1]


def word_weights(weights: Tensor, words: Sequence[tuple[int, int]]) -> Tensor:
    """Attention weights by words: [..., word, word], whose rows add up to 1 as well.

    A word gets what all of its tokens get together, and gives what its tokens give on average.

    Args:
        weights: [..., query, key].
        words: first token and the one after the last, of each.
    """
    to_words = torch.stack([weights[..., start:end].sum(-1) for start, end in words], -1)
    return torch.stack([to_words[..., start:end, :].mean(-2) for start, end in words], -2)


def most_even_head(weights: Tensor) -> tuple[int, int]:
    """The layer and head whose rows [layer, head, query, key] have the largest mean entropy."""
    return divmod(int(entropy(weights).mean(-1).argmax()), weights.shape[1])


def entropy(weights: Tensor) -> Tensor:
    """-sum w ln w over the keys, in nats: 0 for one word only, ln(n) for n words alike."""
    return -weights.xlogy(weights).sum(-1)


def softmax_slope(weights: Tensor) -> Tensor:
    """1 - sum w^2: the trace of the softmax's Jacobian diag(w) - w w^T.

    0 where a small change of the scores changes no weight, so that no gradient flows back.
    """
    return 1 - weights.square().sum(-1)
