"""A reader's own pair: the beginning of a text, two continuations of it, and what each costs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TypedDict

from pages.n0_why.next_word.blanks import (
    MOST_GUESS,
    MOST_LETTERS,
    WordData,
    costs_after,
    describe_word,
    room_in,
)
from ui.models import load
from ui.serving.transport import pack
from ui.state import read_state

MOST_BEGINNING = 300  # characters
FIELDS = ("beginning", "first", "second")
EXAMPLE = ("She put the kettle on to make some", "tea", "toast")


class OwnPairHeader(TypedDict):
    """The beginning as the model reads it, and both continuations; or a sentence that says why
    there are none (`problem`).
    """

    beginning: str
    words: list[WordData]
    problem: str


def own_pair(model_name: str, typed: Mapping[str, str]) -> OwnPairHeader:
    """What both continuations cost after the beginning."""
    beginning, first, second = (_cleaned(typed.get(field, "")) for field in FIELDS)
    problem = _problem(beginning, first, second) or _too_many(model_name, beginning, first, second)
    words = [] if problem else list(_costs(model_name, beginning, first, second))
    return {"beginning": beginning, "words": words, "problem": problem}


def _cleaned(raw: str) -> str:
    """Without control characters and outer blanks."""
    return "".join(char for char in raw if char.isprintable()).strip()


def _problem(beginning: str, first: str, second: str) -> str:
    """What of the texts themselves cannot be asked."""
    if not beginning:
        return "The beginning is empty. Write at least one word that the model can read."
    if len(beginning) > MOST_BEGINNING:
        return f"The beginning has more than {MOST_BEGINNING} characters. Shorten it."
    if not (first and second):
        return "A continuation is missing. Write two of them."
    if max(len(first), len(second)) > MOST_LETTERS:
        return f"A continuation has more than {MOST_LETTERS} characters. Shorten it."
    if first == second:
        return "Both continuations are the same. Change one of them."
    return ""


def _too_many(model_name: str, beginning: str, *words: str) -> str:
    """What has more tokens than there is room for."""
    loaded = load(model_name)
    n, room = len(loaded.tokenizer.encode(beginning)), room_in(loaded)
    if n > room:
        return f"The beginning has {n} tokens for this model. It may have {room} at most."
    for word in words:
        n = len(loaded.tokenizer.encode(_joined(word)))
        if n > MOST_GUESS:
            return f"“{word}” has {n} tokens for this model. It may have {MOST_GUESS} at most."
    return ""


def _joined(word: str) -> str:
    """With a blank before a letter or a digit, and none before a sign."""
    return f" {word}" if word[0].isalnum() else word


@lru_cache(maxsize=256)
def _costs(model_name: str, beginning: str, *words: str) -> tuple[WordData, ...]:
    loaded = load(model_name)
    encode = loaded.tokenizer.encode
    ids = [tuple(encode(_joined(word))) for word in words]
    costs = costs_after(model_name, tuple(encode(beginning)), ids)
    return tuple(describe_word(loaded, each) for each in costs)


def packed_own(raw: Mapping[str, str]) -> bytes:
    """For the board, of texts as they were typed."""
    return pack(own_pair(read_state({"model": raw.get("model", "")}).model_name, raw), {})
