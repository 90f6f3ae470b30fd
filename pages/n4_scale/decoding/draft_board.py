"""Speculative decoding on the reader's text: what was drafted and accepted, how long it took."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypedDict

from pages.n4_scale.decoding.decoding_runs import (
    DRAFTED,
    PROMPT,
    SPECULATED,
    BusyError,
    agree,
    draft_kinds,
    speculated,
)
from transformer_core.speculative import Round
from ui.known_models import catalogue
from ui.models import load
from ui.serving.address import base_path, whole_number
from ui.serving.component import component
from ui.serving.data import Answer, data_route
from ui.serving.transport import pack
from ui.state import Reader, read_state

DRAFTS = "/app/static/decoding-drafts"  # below the app's own address


class DraftData(TypedDict):
    """What can be asked: drafts by name and in words, numbers of guesses, tokens written."""

    pass_id: str
    title: str
    kinds: dict[str, str]
    drafted: list[int]
    written: int
    numbers: str
    sentence: dict[str, str]


class RoundData(TypedDict):
    """One draft and its check: guesses, how many are right, what the text grows by, seconds."""

    guesses: list[str]
    accepted: int
    added: list[str]
    draft_seconds: float
    check_seconds: float


class RunData(TypedDict):
    """Both runs; `same` says whether they wrote the same, `busy` that there are none."""

    busy: bool
    same: bool
    rounds: list[RoundData]
    plain: list[RoundData]


def show_draft_board(reader: Reader) -> None:
    """Nothing is run before the reader asks for it."""
    component(__file__)(key="draft-board", data=describe_drafts(reader))


def describe_drafts(reader: Reader) -> DraftData:
    """The choices of this model."""
    return {
        "pass_id": f"{reader.model_name} {reader.token_ids[:PROMPT]}",
        "title": catalogue().offered[reader.model_name].title,
        "kinds": draft_kinds(reader.model_name),
        "drafted": list(DRAFTED),
        "written": SPECULATED,
        "numbers": f"{base_path()}{DRAFTS}",
        "sentence": reader.sentence,
    }


def packed_run(raw: Mapping[str, str]) -> bytes:
    """Both runs; what is not offered is the first of what is."""
    now = read_state(raw)
    kinds = draft_kinds(now.model_name)
    kind = raw.get("draft", "")
    kind = kind if kind in kinds else next(iter(kinds))
    n = whole_number(raw.get("drafted", ""))
    n = n if n in DRAFTED else DRAFTED[0]
    try:
        rounds, plain = speculated(now.model_name, now.token_ids[:PROMPT], kind, n)
    except BusyError:
        busy: RunData = {"busy": True, "same": True, "rounds": [], "plain": []}
        return pack(busy, {})
    found: RunData = {
        "busy": False,
        "same": agree(rounds, plain),
        "rounds": [_described(now.model_name, each) for each in rounds],
        "plain": [_described(now.model_name, each) for each in plain],
    }
    return pack(found, {})


def _described(name: str, found: Round) -> RoundData:
    def pieces(token_ids: Sequence[int]) -> list[str]:
        return list(load(name).tokenizer.pieces(list(token_ids)))

    return {
        "guesses": pieces(found.drafted),
        "accepted": found.n_accepted,
        "added": pieces(found.token_ids),
        "draft_seconds": found.draft_seconds,
        "check_seconds": found.check_seconds,
    }


ROUTES = [data_route(DRAFTS, lambda raw: Answer(packed_run(raw)))]
