"""The reader's text under other vocabularies, and as letters and bytes."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal, TypedDict

from pages.n1_forward_pass.tokenize.tokenize_board import histories_of, shown_text
from transformer_core.lens.recorded_cuts import recorded_cut
from transformer_core.lens.text_cuts import (
    TextCut,
    cut_by,
    cut_into_bytes,
    cut_into_characters,
    embedding_numbers,
)
from transformer_core.published.tiktoken_files import load_tiktoken
from transformer_core.tokenizer import TokenizerError
from ui.known_models import REAL_MODEL, SHIPPED, catalogue
from ui.models import load, vocabulary_of
from ui.serving.component import component
from ui.state import Reader, setting

# tiktoken's published vocabularies: the model that made each known, how many ids there are, and
# those of "hey there".
PUBLISHED: dict[str, tuple[str, int, tuple[int, ...]]] = {
    "gpt2": ("GPT-2", 50_257, (20_342, 612)),
    "cl100k_base": ("GPT-4", 100_277, (36_661, 1_070)),
    "o200k_base": ("GPT-4o", 200_019, (48_467, 1_354)),
}
GREETING = "hey there"


class CutRow(TypedDict):
    """One way to cut the text, and how many numbers the rows of its ids would hold.

    `recorded`: it was not cut just now.
    """

    name: str
    title: str
    about: str
    size: int
    embedding: int
    pieces: tuple[str, ...]
    ids: tuple[int, ...]
    recorded: bool


class GreetingCut(TypedDict):
    """How a vocabulary cuts “hey there”."""

    title: str
    kind: Literal["live", "published"]
    pieces: tuple[str, ...]
    ids: tuple[int, ...]


class CutComparison(TypedDict):
    """All ways to cut the text, that of the reader's model (`ours`) among them.

    `chosen`: whose cost is compared with ours; `context`: how many pieces the model reads at once.
    """

    key: str
    rows: list[CutRow]
    chosen: str
    ours: str
    characters: int
    bytes: int
    d_model: int
    context: int
    parameters: int
    greeting: list[GreetingCut]


def show_tokenizer_comparison(reader: Reader) -> None:
    """Every vocabulary's cut with its counts, and what shorter texts and longer lists cost."""
    text = shown_text(histories_of(reader.model_name, reader.text))
    compared = comparison_of(reader, text, setting("cut"))
    component(__file__)(key="tokenizer-comparison", data=compared)


def comparison_of(reader: Reader, text: str, chosen: str) -> CutComparison:
    """One row for each way to cut the text; the cost of the `chosen` one is compared with ours."""
    config = load(reader.model_name).config
    rows = rows_of(reader.model_name, text)
    names = [row["name"] for row in rows]
    return {
        "key": f"{reader.model_name} {text}",
        "rows": rows,
        "chosen": chosen if chosen in names else names[0],
        "ours": reader.model_name,
        "characters": len(text),
        "bytes": len(text.encode()),
        "d_model": config.d_model,
        "context": config.context_length,
        "parameters": load(reader.model_name).n_parameters,
        "greeting": greeting_rows(reader.model_name),
    }


@lru_cache(maxsize=32)
def rows_of(model_name: str, text: str) -> list[CutRow]:
    """Characters, bytes, the reader's model, the other kind of model, published vocabularies.

    A vocabulary that is not on this machine has a row where the text's cut is on record.
    """
    loaded = load(model_name)
    d_model = loaded.config.d_model
    letters = ("characters", "Characters", "code points: the emoji of a family of three is five")
    rows = [
        _row(letters, cut_into_characters(text), d_model),
        _row(("bytes", "Bytes", "of the UTF-8 form"), cut_into_bytes(text), d_model),
        _row((model_name, title_of(model_name), "this model"), _cut(model_name, text), d_model),
    ]
    if other := other_kind(model_name):
        words = (other, title_of(other), "another model here")
        rows.append(_row(words, _cut(other, text), d_model))
    return [*rows, *filter(None, (_published_row(name, text, d_model) for name in PUBLISHED))]


def other_kind(model_name: str) -> str | None:
    """The real model's name for a Fable model, and the other way round; None if it is not here."""
    offered = catalogue().offered
    names = [REAL_MODEL] if model_name in SHIPPED else list(SHIPPED)
    return next((name for name in names if name in offered), None)


def title_of(model_name: str) -> str:
    """What the switch calls it."""
    return catalogue().offered[model_name].title


def _cut(model_name: str, text: str) -> TextCut:
    return cut_by(vocabulary_of(model_name), text)


def _published_row(name: str, text: str, d_model: int) -> CutRow | None:
    title, _, _ = PUBLISHED[name]
    words = (name, title, name)
    try:
        return _row(words, cut_by(load_tiktoken(name), text), d_model)
    except TokenizerError:
        recorded = recorded_cut(name, text)
        return _row(words, recorded, d_model) | {"recorded": True} if recorded else None


def _row(words: tuple[str, str, str], cut: TextCut, d_model: int) -> CutRow:
    name, title, about = words
    return {
        "name": name,
        "title": title,
        "about": about,
        "size": cut.vocabulary_size,
        "embedding": embedding_numbers(cut.vocabulary_size, d_model),
        "pieces": cut.pieces,
        "ids": cut.token_ids,
        "recorded": False,
    }


def greeting_rows(model_name: str) -> list[GreetingCut]:
    """“hey there” in the reader's model, live, and as tiktoken publishes it."""
    cut = cut_by(load(model_name).tokenizer, GREETING)
    own = GreetingCut(title=title_of(model_name), kind="live", pieces=cut.pieces, ids=cut.token_ids)
    published = [
        GreetingCut(title=model, kind="published", pieces=("hey", " there"), ids=ids)
        for model, _, ids in PUBLISHED.values()
    ]
    return [own, *published]
