"""The Embed lesson's map of the vocabulary, and its arithmetic with words."""

from __future__ import annotations

from typing import TypedDict

import streamlit as st
from torch import Tensor

from pages.n1_forward_pass.embed.embedding_board import SHOWN
from pages.n1_forward_pass.embed.embedding_table import address, table
from transformer_core.transformer import TransformerTrace
from ui.models import LoadedModel, load, trace
from ui.serving.component import component
from ui.serving.transport import pack
from ui.state import Reader

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


class MapHeader(TypedDict):
    """The sentence's tokens and which of them is looked at; or `entry`, a token of the vocabulary.

    `table`: the address of the matrix.
    """

    key: str
    ids: tuple[int, ...]
    pieces: tuple[str, ...]
    token: int
    entry: int | None
    tied: bool
    table: str


class MapArrays(TypedDict):
    """The sentence's rows, [position, d_model], as 16-bit floats."""

    rows: Tensor


class Analogies(TypedDict):
    """Ids of a, b, c and d of each example; words of those that cannot be asked of this model."""

    table: str
    examples: list[tuple[int, int, int, int]]
    skipped: list[tuple[str, str, str, str]]


def show_vocabulary_map(reader: Reader) -> None:
    """All tokens on two axes, the nearest ones of the token looked at, and all its cosines."""
    packed = pack_map(reader, trace(reader.model_name, reader.token_ids[:SHOWN]))
    component(__file__)(key="vocabulary-map", data=packed)


def pack_map(reader: Reader, traced: TransformerTrace) -> bytes:
    """The sentence's tokens with their rows; the vocabulary itself comes from its address."""
    ids = reader.token_ids[:SHOWN]
    loaded = load(reader.model_name)
    header: MapHeader = {
        "key": f"{reader.model_name} {ids}",
        "ids": ids,
        "pieces": reader.pieces[:SHOWN],
        "token": min(reader.token, len(ids) - 1),
        "entry": _entry(st.session_state.get("entry") or "", len(table(loaded))),
        "tied": loaded.config.tied_embeddings,
        "table": address(loaded),
    }
    arrays: MapArrays = {"rows": traced.token_embedded[0].half()}
    return pack(header, arrays)


def _entry(raw: str, count: int) -> int | None:
    """A token id of the address; None where it names none."""
    if not (raw.isascii() and raw.isdigit() and len(raw) < 8):
        return None
    return int(raw) if int(raw) < count else None


def show_analogies(reader: Reader) -> None:
    """a - b + c, from words of the vocabulary."""
    component(__file__, "analogy_board")(key="analogy-board", data=analogies_of(reader.model_name))


def analogies_of(model_name: str) -> Analogies:
    """The examples whose words are single tokens of this model, and the others."""
    loaded = load(model_name)
    asked = {words: _ids(loaded, words) for words in ANALOGIES}
    return {
        "table": address(loaded),
        "examples": [ids for ids in asked.values() if ids],
        "skipped": [words for words, ids in asked.items() if not ids],
    }


def _ids(loaded: LoadedModel, words: tuple[str, str, str, str]) -> tuple[int, int, int, int] | None:
    """Ids of words that stand inside a sentence; None where one of them is not a single token."""
    cut = [loaded.tokenizer.encode(f" {word}") for word in words]
    if any(len(ids) != 1 or ids[0] >= len(table(loaded)) for ids in cut):
        return None
    a, b, c, d = (ids[0] for ids in cut)
    return a, b, c, d
