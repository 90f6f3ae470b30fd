"""a - b + c among the vocabulary's rows, and how often it comes out."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TypedDict

import torch

from pages.n1_forward_pass.embed.embedding_table import lengths, table
from pages.n1_forward_pass.embed.token_search import search
from transformer_core.lens.embedding_map import added, analogy, nearest
from ui.models import LoadedModel
from ui.serving.transport import pack

LISTED = 7

# a - b + c should give d; chosen by hand before any was tried on a model.
ANALOGIES = (
    ("king", "man", "woman", "queen"),
    ("father", "man", "woman", "mother"),
    ("boy", "man", "woman", "girl"),
    ("he", "him", "her", "she"),
    ("brother", "boy", "girl", "sister"),
    ("son", "father", "mother", "daughter"),
    ("uncle", "man", "woman", "aunt"),
    ("mom", "dad", "man", "woman"),
    ("his", "he", "she", "her"),
    ("walked", "walk", "talk", "talked"),
    ("looked", "look", "want", "wanted"),
    ("played", "play", "help", "helped"),
    ("went", "go", "see", "saw"),
    ("ran", "run", "see", "saw"),
    ("said", "say", "go", "went"),
    ("was", "is", "are", "were"),
    ("eyes", "eye", "hand", "hands"),
    ("birds", "bird", "tree", "trees"),
    ("dogs", "dog", "cat", "cats"),
    ("bigger", "big", "small", "smaller"),
    ("day", "night", "black", "white"),
    ("two", "one", "first", "second"),
)
Words = tuple[str, str, str, str]
Ids = tuple[int, int, int, int]


class SumHeader(TypedDict):
    """The tokens that a, b and c stand for, and those nearest to a - b + c, best first.

    `missing`: what was typed in the first field that no token holds; then there is no more.
    `first`: the nearest that is none of the three.
    """

    missing: str | None
    used: list[int]
    used_pieces: list[str]
    ids: list[int]
    pieces: list[str]
    cosines: list[float]
    first: int


class Verdict(TypedDict):
    """Whether d comes out: by the usual rule, which bars a, b and c from answering; with them
    allowed; and with a + c alone.
    """

    barred: bool
    free: bool
    none: bool


class VerdictsHeader(TypedDict):
    """Of each example that can be asked."""

    verdicts: list[Verdict]


def packed_sum(loaded: LoadedModel, words: Sequence[str]) -> bytes:
    """The nearest to a - b + c, of words as they were typed."""
    found = [search(loaded, word, 1) for word in words]
    missing = next((word for word, ids in zip(words, found, strict=True) if not ids), None)
    used = [] if missing is not None else [ids[0] for ids in found]
    similar = torch.empty(0)
    if used:
        a, b, c = used
        similar = analogy(table(loaded), a, b, c, lengths(loaded).plain)
    ids = nearest(similar, LISTED).tolist()
    header: SumHeader = {
        "missing": missing,
        "used": used,
        "used_pieces": loaded.tokenizer.pieces(used),
        "ids": ids,
        "pieces": loaded.tokenizer.pieces(ids),
        "cosines": similar[ids].tolist(),
        "first": int(nearest(similar, 1, tuple(used))[0]) if used else -1,
    }
    return pack(header, {})


@lru_cache(maxsize=4)
def examples(loaded: LoadedModel) -> dict[Words, Ids | None]:
    """The ids of each example's words inside a sentence; None where one is several tokens."""
    return {words: _ids(loaded, words) for words in ANALOGIES}


def _ids(loaded: LoadedModel, words: Words) -> Ids | None:
    cut = [loaded.tokenizer.encode(f" {word}") for word in words]
    if any(len(ids) != 1 for ids in cut):
        return None
    a, b, c, d = (ids[0] for ids in cut)
    return a, b, c, d


@lru_cache(maxsize=4)
def packed_verdicts(loaded: LoadedModel) -> bytes:
    """How often the arithmetic works."""
    header: VerdictsHeader = {
        "verdicts": [verdict(loaded, ids) for ids in examples(loaded).values() if ids]
    }
    return pack(header, {})


def verdict(loaded: LoadedModel, ids: Ids) -> Verdict:
    """Whether one example comes out."""
    a, b, c, d = ids
    rows, known = table(loaded), lengths(loaded).plain
    similar = analogy(rows, a, b, c, known)
    alone = added(rows, a, c, known)
    return {
        "barred": int(nearest(similar, 1, (a, b, c))) == d,
        "free": int(nearest(similar, 1)) == d,
        "none": int(nearest(alone, 1, (a, b, c))) == d,
    }
