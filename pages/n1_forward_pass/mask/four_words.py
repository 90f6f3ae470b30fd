"""The Mask lesson's example: four words, of which each may look at itself and those before it."""

from __future__ import annotations

from functools import lru_cache
from itertools import accumulate, pairwise
from typing import TypedDict

import torch

from transformer_core.lens.attention_arithmetic import most_even_head, word_weights
from ui.models import load, trace
from ui.serving.component import component

WORDS = ("Michael", " Learns", " to", " Rock")


class FourWords(TypedDict):
    """Each word with the tokens that it is cut into, and a head's attention weights by words,
    [query, key]. Layer and head count from 0.
    """

    words: list[str]
    tokens: list[list[str]]
    weights: list[list[float]]
    layer: int
    head: int


def show_four_words(model_name: str) -> None:
    """A table of four rows and columns; a row is read out when it is pointed at."""
    component(__file__)(key="four-words", data=four_words(model_name))


@lru_cache(maxsize=8)
def four_words(model_name: str) -> FourWords:
    """The weights of the head whose rows are the most even, which shows the pattern best."""
    tokenizer = load(model_name).tokenizer
    cut = [tokenizer.encode(word) for word in WORDS]
    words = list(pairwise(accumulate(map(len, cut), initial=0)))
    traced = trace(model_name, tuple(i for ids in cut for i in ids))
    every = torch.stack([block.attention.weights[0] for block in traced.blocks])
    weights = word_weights(every, words)
    layer, head = most_even_head(weights)
    return {
        "words": [word.strip() for word in WORDS],
        "tokens": [tokenizer.pieces(ids) for ids in cut],
        "weights": weights[layer, head].tolist(),
        "layer": layer,
        "head": head,
    }
