"""One look at a model on its way: what it makes of a text, beside what counting would give."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from transformer_core.lens.pair_statistics import PairStatistics, divergence
from transformer_core.lens.prediction import token_losses
from transformer_core.transformer import Transformer


@dataclass(frozen=True)
class Counted:
    """What counting predicts at each position of a text: [position, vocab], above 0."""

    uniform: Tensor
    unigram: Tensor
    bigram: Tensor

    @property
    def all(self) -> tuple[Tensor, Tensor, Tensor]:
        """From the coarsest on."""
        return self.uniform, self.unigram, self.bigram


@dataclass(frozen=True)
class Look:
    """A model's weights [layer, head, query, key] and what it predicts of a text.

    losses [position - 1]: nats of each token but the first; probabilities [vocab] of the next
    token after the last; distances [3]: from uniform, unigram and bigram, the mean over positions
    of KL(statistic ‖ model), in nats.
    """

    weights: Tensor
    losses: Tensor
    probabilities: Tensor
    distances: Tensor


def count_for(pairs: PairStatistics, token_ids: Tensor) -> Counted:
    """Every statistic at each position of a text, int64 [position]."""
    unigram = pairs.unigram.expand(len(token_ids), -1)
    bigram = torch.stack([pairs.bigram(int(token)) for token in token_ids])
    return Counted(torch.full_like(unigram, 1 / unigram.shape[1]), unigram, bigram)


def look_at(model: Transformer, token_ids: Tensor, counted: Counted) -> Look:
    """Run a model on a text, int64 [position]."""
    trace = model.trace(token_ids[None])
    said = trace.logits[0].log_softmax(-1)
    return Look(
        torch.stack([block.attention.weights[0] for block in trace.blocks]),
        token_losses(trace.logits[0], token_ids),
        said[-1].exp(),
        torch.stack([divergence(statistic, said).mean() for statistic in counted.all]),
    )
