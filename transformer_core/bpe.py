"""Byte-pair encoding: start from single bytes, join the most frequent neighbours, again and again.

Source: Sennrich, Haddow and Birch 2016, "Neural Machine Translation of Rare Words with Subword
Units", section 3.2; on bytes as in Radford et al. 2019 (GPT-2), section 2.2.
"""

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

import regex  # type: ignore[import-untyped]

END_OF_TEXT = "<|endoftext|>"
PATTERN = (
    r"""['’](?:[sdmt]|ll|ve|re)(?!\p{L})| ?\p{L}+| ?\p{N}{1,3}| ?[^\s\p{L}\p{N}]+"""
    r"""|\s*[\r\n]+|\s+(?!\S)|\s+"""
)

Pair = tuple[int, int]


@dataclass(frozen=True)
class Merge:
    """One entry of the vocabulary: ``left`` and ``right`` stood side by side ``count`` times.

    ``rank`` is the new token's id, 256 + its place in the order of learning.
    """

    rank: int
    left: bytes
    right: bytes
    merged: bytes
    count: int


@dataclass(frozen=True)
class EncodeStep:
    """A word on its way to tokens: its parts now, and the place of the pair that is joined next.

    ``joins`` is the index of that pair's left part, None when no pair is in the vocabulary.
    """

    parts: tuple[bytes, ...]
    joins: int | None


def split_words(text: str, pattern: str = PATTERN) -> list[str]:
    """The pieces that merges never cross: words with their leading space, numbers, marks."""
    return regex.findall(pattern, text)


def count_words(texts: Iterable[str]) -> Counter[bytes]:
    """How often each word occurs, in UTF-8."""
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(split_words(text))
    return Counter({word.encode(): count for word, count in counts.items()})


def learn_merges(word_counts: Mapping[bytes, int], n_merges: int) -> list[Merge]:
    """Learn up to ``n_merges`` merges; of equally frequent pairs the lowest pair of ids goes first.

    Fewer come back when every word has become one token.
    """
    learner = _Learner(word_counts)
    merges: list[Merge] = []
    while len(merges) < n_merges and (best := learner.most_frequent()):
        merge = learner.join(best)
        if merge:
            merges.append(merge)
    return merges


class _Learner:
    """Words as lists of ids, with the count of each pair kept up to date while pairs are joined."""

    def __init__(self, word_counts: Mapping[bytes, int]) -> None:
        self.tokens = [bytes([i]) for i in range(256)]
        self.ids = {token: i for i, token in enumerate(self.tokens)}
        self.words = [list(word) for word in word_counts]
        self.word_counts = list(word_counts.values())
        self.pair_counts: Counter[Pair] = Counter()
        self.places: dict[Pair, set[int]] = defaultdict(set)
        for place in range(len(self.words)):
            self._count_pairs(place, +1)
        self.heap = [(-count, pair) for pair, count in self.pair_counts.items()]
        heapq.heapify(self.heap)

    def most_frequent(self) -> Pair | None:
        """The pair to join next; a heap entry whose count has changed since is dropped."""
        while self.heap:
            count, pair = heapq.heappop(self.heap)
            if self.pair_counts[pair] == -count > 0:
                return pair
        return None

    def join(self, pair: Pair) -> Merge | None:
        """Join a pair everywhere; None if its bytes were a token already, as another pair."""
        left, right = (self.tokens[i] for i in pair)
        count, is_new = self.pair_counts[pair], left + right not in self.ids
        token = self.ids.setdefault(left + right, len(self.tokens))
        if is_new:
            self.tokens.append(left + right)
        self._replace(pair, token)
        return Merge(token, left, right, left + right, count) if is_new else None

    def _replace(self, pair: Pair, token: int) -> None:
        touched: set[Pair] = set()
        for place in list(self.places[pair]):
            touched.update(self._count_pairs(place, -1))
            self.words[place] = list(_joined(self.words[place], pair, token))
            touched.update(self._count_pairs(place, +1))
        for changed in touched:
            if self.pair_counts[changed] > 0:
                heapq.heappush(self.heap, (-self.pair_counts[changed], changed))
            else:
                del self.pair_counts[changed], self.places[changed]

    def _count_pairs(self, place: int, sign: int) -> list[Pair]:
        word = self.words[place]
        pairs = list(pairwise(word))
        for pair in pairs:
            self.pair_counts[pair] += sign * self.word_counts[place]
            if sign > 0:
                self.places[pair].add(place)
            else:
                self.places[pair].discard(place)
        return pairs


def _joined(word: list[int], pair: Pair, token: int) -> Iterator[int]:
    position = 0
    while position < len(word):
        found = tuple(word[position : position + 2]) == pair
        yield token if found else word[position]
        position += 1 + found


def encode_steps(word: str | bytes, ranks: Mapping[bytes, int]) -> list[EncodeStep]:
    """Replay how one word becomes tokens: join the pair of lowest rank, the leftmost of equals.

    ``ranks`` maps each token's bytes to its id; the last step's parts are the word's tokens.
    A lone surrogate, which has no UTF-8 form, counts as "?".
    """
    data = word.encode("utf-8", "replace") if isinstance(word, str) else word
    parts = [data[i : i + 1] for i in range(len(data))]
    steps = []
    while (joins := _next_join(parts, ranks)) is not None:
        steps.append(EncodeStep(tuple(parts), joins))
        parts[joins : joins + 2] = [parts[joins] + parts[joins + 1]]
    return [*steps, EncodeStep(tuple(parts), None)]


def _next_join(parts: list[bytes], ranks: Mapping[bytes, int]) -> int | None:
    places = [i for i in range(len(parts) - 1) if parts[i] + parts[i + 1] in ranks]
    return min(places, key=lambda i: ranks[parts[i] + parts[i + 1]], default=None)
