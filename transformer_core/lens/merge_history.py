"""How each word of a text came to its tokens: its joins, and what a smaller vocabulary would do.

A vocabulary of k merges makes the joins of the full one up to the first that it has not learnt: at
each step the lowest pair is joined, and leaving out higher ones does not change which that is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from transformer_core.bpe import encode_steps, split_words


@dataclass(frozen=True)
class Join:
    """The parts at `at` and `at + 1` become the token `token_id`, which merge `number` taught."""

    at: int
    number: int
    token_id: int


@dataclass(frozen=True)
class WordHistory:
    """A word's bytes, its joins in the order in which they are made, and the tokens they end in."""

    word: bytes
    joins: tuple[Join, ...]
    tokens: tuple[bytes, ...]


def merge_numbers(ranks: Mapping[bytes, int]) -> dict[bytes, int]:
    """Each learnt token's place in the order of learning, from 1; single bytes are not learnt."""
    learnt = sorted((token for token in ranks if len(token) > 1), key=ranks.__getitem__)
    return {token: number for number, token in enumerate(learnt, 1)}


def word_history(
    word: bytes, ranks: Mapping[bytes, int], numbers: Mapping[bytes, int]
) -> WordHistory:
    """The word's joins, the lowest merge first; `numbers` comes from `merge_numbers(ranks)`."""
    *joining, last = encode_steps(word, ranks)
    joins = []
    for step in joining:
        at = step.joins or 0
        merged = step.parts[at] + step.parts[at + 1]
        joins.append(Join(at, numbers[merged], ranks[merged]))
    return WordHistory(word, tuple(joins), last.parts)


def text_histories(
    text: str,
    pattern: str,
    ranks: Mapping[bytes, int],
    numbers: Mapping[bytes, int],
    limit: int,
) -> tuple[WordHistory, ...]:
    """The text's first words, whole, of at most `limit` tokens together.

    `numbers` comes from `merge_numbers(ranks)`. A first word of more tokens than that is itself
    cut, after a whole character.
    """
    return tuple(_up_to(limit, split_words(text, pattern), ranks, numbers))


def _up_to(
    limit: int,
    words: Iterable[str],
    ranks: Mapping[bytes, int],
    numbers: Mapping[bytes, int],
) -> Iterator[WordHistory]:
    room = limit
    for word in words:
        history = word_history(word.encode("utf-8", "replace"), ranks, numbers)
        room -= len(history.tokens)
        if room >= 0:
            yield history
        elif room + len(history.tokens) == limit:
            kept = b"".join(history.tokens[:limit]).decode("utf-8", "ignore").encode()
            yield word_history(kept, ranks, numbers)
        if room < 0:
            return


def spellings(word: str) -> tuple[str, ...]:
    """The same word as other writers would type it: with a space, capitalised, in capitals.

    A number comes with its neighbour and with one more digit.
    """
    bare = word.strip()
    if bare.isascii() and bare.isdigit():
        forms = [bare, f" {bare}", str(int(bare) + 1), f"{bare}0", f" {bare}.5"]
    else:
        lower = bare.lower()
        forms = [lower, f" {lower}", lower.capitalize(), f" {lower.capitalize()}", bare.upper()]
    return tuple(dict.fromkeys([*([word] if word not in forms else []), *forms]))
