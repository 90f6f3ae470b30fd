"""The game: a text with its next word left out, the reader's guess, and what each token cost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypedDict

from pages.n0_why.next_word.blanks import (
    CutText,
    TextHeader,
    WordData,
    clean_guess,
    costs_after,
    cut_known,
    cut_mine,
    describe_blank,
    describe_text,
    describe_word,
    guess_tokens,
    room_in,
)
from pages.n0_why.next_word.known_texts import MINE, texts_for
from ui.examples import TEXTS
from ui.known_models import SHIPPED, catalogue
from ui.models import load
from ui.serving.address import base_path
from ui.serving.component import component
from ui.serving.data import Answer, data_route
from ui.serving.transport import pack
from ui.state import Reader, read_state, setting

NUMBERS = "/app/static/next-word"  # below the app's own address
CHOSEN = "blanks"  # in the address: which text
STORIES_ONLY = (
    "This model has read stories, novels and some Shakespeare only. It cannot know formulas, code "
    "or proofs. The texts after the stories show what that costs."
)


class TextName(TypedDict):
    """A text to choose."""

    key: str
    name: str


class GuessHeader(TypedDict):
    """What a reader has typed in a word's place, and what it would cost there."""

    word: int
    guess: WordData


class GuessBoardData(TypedDict):
    """The texts, one of them with its numbers, how to ask for others; `note`: of the model."""

    numbers: str
    sentence: dict[str, str]
    texts: list[TextName]
    text: TextHeader
    model: str
    vocab: int
    note: str


def show_guess_board(reader: Reader) -> None:
    """The text that the address names, ready to be guessed."""
    component(__file__)(key="guess-board", data=describe_board(reader))


def describe_board(reader: Reader) -> GuessBoardData:
    """All that the board begins with."""
    names: list[TextName] = [
        {"key": text.key, "name": text.name} for text in texts_for(reader.model_name)
    ]
    return {
        "numbers": f"{base_path()}{NUMBERS}",
        "sentence": reader.sentence,
        "texts": [*names, {"key": MINE, "name": "Your sentence"}],
        "text": describe_text(reader.model_name, cut_text(reader, chosen_text(reader))),
        "model": catalogue().offered[reader.model_name].title,
        "vocab": load(reader.model_name).config.vocab_size,
        "note": " ".join(_notes(reader)),
    }


def _notes(reader: Reader) -> Iterator[str]:
    """What a reader has to know of the model and of a long sentence."""
    room = room_in(load(reader.model_name))
    if reader.model_name in SHIPPED:
        yield STORIES_ONLY
    if len(reader.token_ids) > room:
        yield f"Of your sentence the first {room} tokens are used, so that a guess has room."


def chosen_text(reader: Reader) -> str:
    """The text of the address; else the reader's own sentence, where it is none of the examples."""
    wanted = setting(CHOSEN)
    if wanted in (MINE, *(text.key for text in texts_for(reader.model_name))):
        return str(wanted)
    return "" if reader.text in TEXTS else MINE


def cut_text(reader: Reader, key: str) -> CutText:
    """A text by its key; the first of the model's where there is none of that key."""
    if key == MINE:
        return cut_mine(reader)
    texts = texts_for(reader.model_name)
    text = next((each for each in texts if each.key == key), texts[0])
    return cut_known(text, load(reader.model_name))


def _asked(raw: Mapping[str, str]) -> tuple[Reader, CutText, int]:
    """Reader, text and word of a question; an odd word is the nearest that can be asked for."""
    now = read_state(raw)
    text = cut_text(now, raw.get("about", ""))
    number = raw.get("word", "")
    wanted = int(number) if number.isascii() and number.isdigit() and len(number) < 5 else 1
    return now, text, min(max(wanted, 1), len(text.words) - 1)


def packed_text(raw: Mapping[str, str]) -> bytes:
    """A text and what its tokens cost."""
    now, text, _ = _asked(raw)
    return pack(describe_text(now.model_name, text), {})


def packed_blank(raw: Mapping[str, str]) -> bytes:
    """What belongs to a word that is left out; nothing where a text has only one."""
    now, text, word = _asked(raw)
    return pack(describe_blank(now.model_name, text, word), {}) if word else b""


def packed_guess(raw: Mapping[str, str]) -> bytes:
    """What a reader's own guess would cost; nothing where there is none."""
    now, text, word = _asked(raw)
    loaded, typed = load(now.model_name), clean_guess(raw.get("guess", ""))
    if not (word and typed):
        return b""
    ids = guess_tokens(loaded, text, word, typed)
    (cost,) = costs_after(now.model_name, text.token_ids[: text.words[word][0]], [ids])
    header: GuessHeader = {"word": word, "guess": describe_word(loaded, cost)}
    return pack(header, {})


ROUTES = [
    data_route(f"{NUMBERS}/text", lambda raw: Answer(packed_text(raw))),
    data_route(f"{NUMBERS}/blank", lambda raw: Answer(packed_blank(raw))),
    data_route(f"{NUMBERS}/guess", lambda raw: Answer(packed_guess(raw))),
]
