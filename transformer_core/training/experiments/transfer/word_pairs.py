"""A classifier that only counts neighbouring words: naive Bayes on pairs, each seen or not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from math import log

from transformer_core.training.experiments.transfer.sentences import Labelled


def pairs(text: str) -> Iterator[tuple[str, str]]:
    """Each word with the one after it; the full stop is a word."""
    words = [*text[:-1].lower().split(" "), "."]
    return pairwise(words)


def accuracy(examples: Labelled, test: Labelled) -> float:
    """Share of right answers; a sum of 0, where no pair is known, says "as written".

    A pair adds log((scrambled + 1) / (written + 1)), its counts in the labelled examples.
    """
    counts: tuple[Counter[tuple[str, str]], ...] = (Counter(), Counter())
    for text, label in zip(examples.texts, examples.labels.int().tolist(), strict=True):
        counts[label].update(pairs(text))
    written, scrambled = counts
    right = 0
    for text, label in zip(test.texts, test.labels.tolist(), strict=True):
        total = sum(log((scrambled[pair] + 1) / (written[pair] + 1)) for pair in pairs(text))
        right += (total > 0) == (label > 0)
    return right / len(test.texts)
