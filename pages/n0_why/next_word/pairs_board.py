"""Minimal pairs: one word is changed, and with it the word that follows; what each kind costs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TypedDict

from pages.n0_why.next_word.blanks import costs_after, cut_known, describe_text
from pages.n0_why.next_word.guess_board import NUMBERS
from pages.n0_why.next_word.known_texts import Side, kinds, pairs_for, texts_for
from pages.n0_why.next_word.own_pair import EXAMPLE, packed_own
from ui.known_models import catalogue
from ui.models import load
from ui.serving.address import base_path
from ui.serving.component import component
from ui.serving.data import Answer, data_route
from ui.serving.transport import pack
from ui.state import Reader, read_state


class SideData(TypedDict):
    """A beginning, and -ln p of both words of its pair after it, first the one that fits here."""

    before: str
    changed: str
    after: str
    fits: str
    other: str
    nats: list[float]


class PairHeader(TypedDict):
    """Two beginnings that differ in one word."""

    kind: str
    says: str
    story: bool
    sides: list[SideData]


class KindWord(TypedDict):
    """A blank of a text, and what it cost."""

    said: str
    nats: float


class KindRow(TypedDict):
    """What a blank can ask for, and the blanks that a person has marked with it."""

    kind: str
    says: str
    words: list[KindWord]


class KindsHeader(TypedDict):
    """Of all texts of this model."""

    kinds: list[KindRow]


class PairsBoardData(TypedDict):
    """How many pairs there are, and how to ask for them; `example`: of a reader's own pair."""

    numbers: str
    sentence: dict[str, str]
    model: str
    n: int
    example: tuple[str, str, str]


def show_pairs_board(reader: Reader) -> None:
    """Pairs come one after the other, as each takes the model two passes."""
    data: PairsBoardData = {
        "numbers": f"{base_path()}{NUMBERS}",
        "sentence": {"model": reader.model_name},
        "model": catalogue().offered[reader.model_name].title,
        "n": len(pairs_for(reader.model_name)),
        "example": EXAMPLE,
    }
    component(__file__)(key="pairs-board", data=data)


@lru_cache(maxsize=64)
def measured_pair(model_name: str, number: int) -> PairHeader:
    """Both words of a pair after both of its beginnings."""
    pair = pairs_for(model_name)[number]
    return {
        "kind": pair.kind,
        "says": pair.says,
        "story": pair.story,
        "sides": [_side(model_name, pair.a, pair.b), _side(model_name, pair.b, pair.a)],
    }


def _side(model_name: str, here: Side, there: Side) -> SideData:
    encode = load(model_name).tokenizer.encode
    words = [tuple(encode(side.word)) for side in (here, there)]
    costs = costs_after(model_name, tuple(encode(here.context)), words)
    return {
        "before": here.before,
        "changed": here.changed,
        "after": here.after,
        "fits": here.word,
        "other": there.word,
        "nats": [each.total for each in costs],
    }


def fits(pair: PairHeader) -> bool:
    """Whether after both beginnings the word that fits is the more probable one."""
    return all(side["nats"][0] < side["nats"][1] for side in pair["sides"])


@lru_cache(maxsize=8)
def measured_kinds(model_name: str) -> KindsHeader:
    """What every marked blank cost, by its kind; a word's cost is the sum of its tokens'."""
    loaded = load(model_name)
    found: dict[str, list[KindWord]] = {kind: [] for kind in kinds()}
    for known in texts_for(model_name):
        text = describe_text(model_name, cut_known(known, loaded))
        for word in text["blanks"]:
            start, end = text["words"][word]
            cost = sum(text["nats"][max(0, start - 1) : end - 1])
            said: KindWord = {"said": text["said"][word].strip(), "nats": cost}
            found[text["kinds"][start]].append(said)
    rows: list[KindRow] = [
        {"kind": kind, "says": says, "words": found[kind]} for kind, says in kinds().items()
    ]
    return {"kinds": rows}


def packed_pair(raw: Mapping[str, str]) -> bytes:
    """A pair by its number; an odd one is the first."""
    name = read_state({"model": raw.get("model", "")}).model_name
    number = raw.get("pair", "")
    n = int(number) if number.isascii() and number.isdigit() and len(number) < 4 else 0
    return pack(measured_pair(name, min(n, len(pairs_for(name)) - 1)), {})


def packed_kinds(raw: Mapping[str, str]) -> bytes:
    """All blanks of all texts."""
    return pack(measured_kinds(read_state({"model": raw.get("model", "")}).model_name), {})


ROUTES = [
    data_route(f"{NUMBERS}/pair", lambda raw: Answer(packed_pair(raw))),
    data_route(f"{NUMBERS}/own", lambda raw: Answer(packed_own(raw))),
    data_route(f"{NUMBERS}/kinds", lambda raw: Answer(packed_kinds(raw))),
]
