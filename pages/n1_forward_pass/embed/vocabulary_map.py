"""The Embed lesson's map of the vocabulary, and its arithmetic with words."""

from __future__ import annotations

from typing import TypedDict

from torch import Tensor

from pages.n1_forward_pass.embed.embedding_answers import known_id
from pages.n1_forward_pass.embed.embedding_board import SHOWN, looked_at
from pages.n1_forward_pass.embed.embedding_table import address, places
from pages.n1_forward_pass.embed.word_arithmetic import examples
from ui.models import load
from ui.serving.component import component
from ui.serving.transport import pack
from ui.state import Reader, setting


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
    """Where the sentence's tokens stand on the map, [position, component]."""

    places: Tensor


class Analogies(TypedDict):
    """Words a, b, c and d of each example; of those that cannot be asked of this model, with a word
    (`split`) of the first that is several tokens.
    """

    table: str
    examples: list[tuple[str, str, str, str]]
    skipped: list[tuple[str, str, str, str]]
    split: str


def show_vocabulary_map(reader: Reader) -> None:
    """Tokens on two axes, the nearest ones of the token looked at, and all its cosines."""
    component(__file__)(key="vocabulary-map", data=pack_map(reader))


def pack_map(reader: Reader) -> bytes:
    """The sentence's tokens and their places; the vocabulary itself comes from its address."""
    ids = reader.token_ids[:SHOWN]
    loaded = load(reader.model_name)
    header: MapHeader = {
        "key": f"{reader.model_name} {ids}",
        "ids": ids,
        "pieces": reader.pieces[:SHOWN],
        "token": looked_at(reader),
        "entry": known_id(setting("entry"), loaded.config.vocab_size),
        "tied": loaded.config.tied_embeddings,
        "table": address(loaded),
    }
    arrays: MapArrays = {"places": places(loaded, list(ids))}
    return pack(header, arrays)


def show_analogies(reader: Reader) -> None:
    """a - b + c, from words of the vocabulary."""
    component(__file__, "analogy_board")(key="analogy-board", data=analogies_of(reader.model_name))


def analogies_of(model_name: str) -> Analogies:
    """The examples whose words are single tokens of this model, and the others."""
    loaded = load(model_name)
    asked = examples(loaded)
    skipped = [words for words, ids in asked.items() if not ids]
    encode = loaded.tokenizer.encode
    return {
        "table": address(loaded),
        "examples": [words for words, ids in asked.items() if ids],
        "skipped": skipped,
        "split": next((w for w in sum(skipped[:1], ()) if len(encode(f" {w}")) != 1), ""),
    }
