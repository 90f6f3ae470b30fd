"""The Embed lesson's search: a graph of words, walked step by step to the nearest of a token."""

from __future__ import annotations

from typing import TypedDict

from pages.n1_forward_pass.embed.embedding_answers import known_id
from pages.n1_forward_pass.embed.embedding_board import SHOWN, looked_at
from pages.n1_forward_pass.embed.embedding_table import address
from pages.n1_forward_pass.embed.word_graph import IN_SIGHT, MOST_ADDED
from ui.models import load
from ui.serving.address import whole_number
from ui.serving.component import component
from ui.state import Reader, setting

SOUGHT, SIGHT = "sought", "sight"  # in the address: a token by its id, ef


class SearchData(TypedDict):
    """The sentence's tokens that are in the graph; the token sought, and ef; what ef can be.

    `table`: the address of the matrix.
    """

    table: str
    ids: list[int]
    pieces: list[str]
    sought: int
    ef: int
    efs: tuple[int, ...]


def show_search(reader: Reader) -> None:
    """The graph is built when the board asks for it."""
    component(__file__)(key="search-board", data=describe_search(reader))


def describe_search(reader: Reader) -> SearchData:
    """What the board begins with."""
    loaded = load(reader.model_name)
    tokens = dict(zip(reader.token_ids[:SHOWN], reader.pieces[:SHOWN], strict=True))
    words = {i: piece for i, piece in tokens.items() if piece.strip().isalpha()}
    kept = dict(list(words.items())[:MOST_ADDED])
    sought = known_id(setting(SOUGHT), loaded.config.vocab_size)
    ef = whole_number(setting(SIGHT))
    return {
        "table": address(loaded),
        "ids": list(kept),
        "pieces": list(kept.values()),
        "sought": reader.token_ids[looked_at(reader)] if sought is None else sought,
        "ef": ef if ef in IN_SIGHT else IN_SIGHT[0],
        "efs": IN_SIGHT,
    }
