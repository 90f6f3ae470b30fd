"""Which tokens hold a text, among the whole vocabulary."""

from __future__ import annotations

from functools import lru_cache

from ui.models import LoadedModel

MOST_CHARACTERS = 40  # as many as the field takes


@lru_cache(maxsize=4)
def pieces(loaded: LoadedModel) -> list[str]:
    """Every token as text."""
    return loaded.tokenizer.pieces(list(range(loaded.tokenizer.n_vocab)))


@lru_cache(maxsize=4)
def _lowered(loaded: LoadedModel) -> list[str]:
    return [piece.strip().lower() for piece in pieces(loaded)]


def search(loaded: LoadedModel, text: str, count: int) -> list[int]:
    """The same word first (with its space before it), then beginnings, then the rest."""
    wanted = text[:MOST_CHARACTERS].strip()
    lower = wanted.lower()
    if not wanted:
        return []

    def rank(i: int) -> tuple[int, int]:
        piece, word = pieces(loaded)[i], _lowered(loaded)[i]
        if word != lower:
            return (4 if word.startswith(lower) else 5), i
        return (0 if piece.strip() == wanted else 2) + (not piece.startswith(" ")), i

    return sorted((i for i, word in enumerate(_lowered(loaded)) if lower in word), key=rank)[:count]
