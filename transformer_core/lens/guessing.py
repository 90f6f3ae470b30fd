"""The game of guessing the next word: a text cut into words, what a word costs, what a guess does.

Shannon played it with people and letters ("Prediction and entropy of printed English", 1951).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log

import torch
from torch import Tensor

from transformer_core.kv_cache import KVCache
from transformer_core.lens.prediction import token_losses
from transformer_core.tokenizer import Tokenizer
from transformer_core.transformer import Transformer

STAKE = 0.5  # the probability that goes to the one word that is named
MOST_TOKENS = 6  # of a word that the model completes


@dataclass(frozen=True)
class WordCost:
    """A word as its tokens after a context; nats: -ln p of each, given the context and the rest.

    By the chain rule the word's probability is the product of its tokens', so its cost is the sum.
    """

    token_ids: tuple[int, ...]
    nats: tuple[float, ...]

    @property
    def total(self) -> float:
        """-ln p(word | context), in nats."""
        return sum(self.nats)


def begins_word(before: str, piece: str) -> bool:
    """Whether a token begins a new word after the text before it.

    It does with a blank in front, and where letters or digits end or begin. An apostrophe, what
    follows a bare blank and the further bytes of one character (``⟨e2 80⟩``) go on.
    """
    if not before or not piece:
        return True
    if before.isspace() or (before[-1], piece[0]) == ("⟩", "⟨"):
        return False
    if piece[0].isspace():
        return True
    return not (_inside(piece[0]) and _inside(before[-1]))


def _inside(char: str) -> bool:
    return char.isalnum() or char in "'’_"


def cut_words(pieces: Sequence[str]) -> list[tuple[int, int]]:
    """A text's tokens as its words: first token and the one after the last, of each."""
    starts = [i for i, piece in enumerate(pieces) if not i or begins_word(pieces[i - 1], piece)]
    return list(zip(starts, [*starts, len(pieces)][1:], strict=True))


def word_costs(
    model: Transformer, context: Sequence[int], words: Sequence[Sequence[int]]
) -> list[WordCost]:
    """What each of these words would cost after the context, which must have a token.

    One pass over all, padded at the end, where the causal mask hides it from every real token.
    """
    rows = [torch.tensor([*context, *word]) for word in words]
    logits = model(torch.nn.utils.rnn.pad_sequence(rows, batch_first=True))
    nats = [
        token_losses(logits[i, : len(row)], row)[len(context) - 1 :].tolist()
        for i, row in enumerate(rows)
    ]
    return [WordCost(tuple(w), tuple(n)) for w, n in zip(words, nats, strict=True)]


def likely_words(
    model: Transformer, tokenizer: Tokenizer, context: Sequence[int], n: int
) -> list[WordCost]:
    """About n likely next words, the likeliest first: the likeliest tokens, completed greedily.

    All are completed side by side, one token a step. A bare blank is no word yet: it goes on with
    each of what likely follows it.
    """
    cache = KVCache(model.config, len(context) + MOST_TOKENS, like=model.embedding)
    logits = model(torch.tensor([context]), cache=cache, last_only=True)[0, -1]
    begun = [WordCost((i,), (x,)) for i, x in _likeliest(logits, n) if i not in tokenizer.stop_ids]
    rows, whole = [0] * len(begun), list[WordCost]()
    while begun and len(begun[0].token_ids) < MOST_TOKENS:
        cache = cache.copy(rows=rows)
        last = torch.tensor([[word.token_ids[-1]] for word in begun])
        logits = model(last, cache=cache, last_only=True)[:, -1]
        longer = [_longer(tokenizer, word, row, n) for word, row in zip(begun, logits, strict=True)]
        whole += [word for word, more in zip(begun, longer, strict=True) if not more]
        rows = [i for i, more in enumerate(longer) for _ in more]
        begun = [word for more in longer for word in more]
    found: dict[str, WordCost] = {}
    for word in sorted((*whole, *begun), key=lambda word: word.total):
        if shown := tokenizer.decode(list(word.token_ids)).strip():
            found.setdefault(shown, word)
    return list(found.values())


def _longer(tokenizer: Tokenizer, word: WordCost, logits: Tensor, n: int) -> list[WordCost]:
    """The word with a token more; nothing where its likeliest one begins another word."""
    before = tokenizer.pieces([word.token_ids[-1]])[0]
    is_blank = not tokenizer.decode(list(word.token_ids)).strip()
    return [
        WordCost((*word.token_ids, i), (*word.nats, nats))
        for i, nats in _likeliest(logits, n if is_blank else 1)
        if i not in tokenizer.stop_ids and not begins_word(before, tokenizer.pieces([i])[0])
    ]


def _likeliest(logits: Tensor, n: int) -> list[tuple[int, float]]:
    """Token ids and -ln p, the likeliest first."""
    best = logits.log_softmax(-1).topk(min(n, len(logits)))
    return [(i, -x) for i, x in zip(best.indices.tolist(), best.values.tolist(), strict=True)]


def staked_cost(nats: float, right: bool, stake: float = STAKE) -> float:
    """-ln of what a reader who names one word gives to the word that comes, in nats.

    A certainty that is wrong would cost infinitely many nats. So `stake` goes to the word that is
    named, and the rest to all words in the model's proportions: P(w) = stake [w = named] +
    (1 - stake) p(w), which adds up to 1. A wrong guess costs -ln(1 - stake) more than the model's.

    Args:
        nats: -ln p of the word that comes, by the model.
        right: whether it is the one that was named.
        stake: above 0 and below 1.
    """
    if not right:
        return nats - log(1 - stake)
    return -log(stake + (1 - stake) * exp(-nats))
