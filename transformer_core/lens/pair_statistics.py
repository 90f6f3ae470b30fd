"""What counting gives: the frequency of each token, and of each token after another.

A unigram predicts by the frequencies of tokens alone, a bigram by the token before. Language models
come close to the first early in training and to the second after it: Chang and Bergen 2022, "Word
Acquisition in Neural Language Models" (arXiv 2110.02406); Belrose et al. 2024, "Neural Networks
Learn Statistics of Increasing Complexity" (arXiv 2402.04362).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from transformer_core.checkpoints import CheckpointError

LEAST_LEFT = 0.01  # of the probability, for pairs that were not kept or never seen
UNSEEN = 1e-7  # added to each frequency, so that no token is impossible


@dataclass(frozen=True)
class PairStatistics:
    """Frequencies of tokens, and of the pairs that occur most often.

    frequency [vocab]; the pairs that begin with token i are those from start[i] to start[i + 1]:
    follower [pair], the second token, and share [pair], how often it follows the first one.
    """

    frequency: Tensor
    start: Tensor
    follower: Tensor
    share: Tensor

    @property
    def unigram(self) -> Tensor:
        """Probabilities of every token, whatever stands before: [vocab], above 0."""
        smoothed = self.frequency.float() + UNSEEN
        return smoothed / smoothed.sum()

    def bigram(self, token_id: int) -> Tensor:
        """Probabilities of the token after this one: [vocab], above 0.

        What the kept pairs leave, at least LEAST_LEFT, is given out as the unigram gives it.
        """
        kept = slice(int(self.start[token_id]), int(self.start[token_id + 1]))
        share = self.share[kept].float()
        left = max(1 - float(share.sum()), LEAST_LEFT) if len(share) else 1.0
        probabilities = left * self.unigram
        probabilities[self.follower[kept].long()] += share / share.sum() * (1 - left)
        return probabilities


def count_pairs(sources: Iterable[tuple[Tensor, float]], n_vocab: int, most: int) -> PairStatistics:
    """Count tokens and pairs of several texts, each with its weight in the mixture.

    Args:
        sources: token ids int64 [position] of each text, and its share.
        n_vocab: of the vocabulary.
        most: how many pairs to keep, the most frequent ones.
    """
    frequency, pairs = torch.zeros(n_vocab), torch.zeros(n_vocab * n_vocab)
    for ids, weight in sources:
        frequency += weight * ids.bincount(minlength=n_vocab) / len(ids)
        joined = ids[:-1] * n_vocab + ids[1:]
        pairs += weight * joined.bincount(minlength=n_vocab * n_vocab) / len(joined)
    firsts = pairs.view(n_vocab, n_vocab).sum(1)
    kept = pairs.topk(min(most, int((pairs > 0).sum()))).indices.sort().values
    first = kept // n_vocab
    start = torch.searchsorted(first, torch.arange(n_vocab + 1))
    return PairStatistics(frequency, start, kept % n_vocab, pairs[kept] / firsts[first])


def save_pairs(pairs: PairStatistics, path: Path) -> None:
    """As safetensors: shares with 16 bits, ids with 16 bits (a vocabulary of at most 32,768)."""
    tensors = {
        "frequency": pairs.frequency.float(),
        "start": pairs.start.int(),
        "follower": pairs.follower.short(),
        "share": pairs.share.half(),
    }
    save_file(tensors, path)


def load_pairs(path: Path) -> PairStatistics:
    """What `save_pairs` wrote; CheckpointError if it is missing or damaged."""
    try:
        return PairStatistics(**load_file(path))
    except (OSError, SafetensorError, TypeError) as error:
        raise CheckpointError(f"{path.name} cannot be read. Restore it from the repository.") from (
            error
        )


def divergence(statistic: Tensor, log_probabilities: Tensor) -> Tensor:
    """How far a model is from a statistic: KL(s ‖ p) = Σ s (ln s − ln p), in nats, [...].

    The nats a token that the model would lose on a text that follows the statistic. Both are
    [..., vocab], the statistic above 0.
    """
    return (statistic * (statistic.log() - log_probabilities)).sum(-1)
