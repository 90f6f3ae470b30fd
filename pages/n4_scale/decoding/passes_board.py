"""Prefill and decode on the reader's text: which pass computes what, and both by the clock."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict

from pages.n4_scale.decoding.decoding_runs import PROMPT, BusyError, timed_step, written
from ui.models import load
from ui.serving.address import base_path, whole_number
from ui.serving.component import component
from ui.serving.data import Answer, data_route
from ui.serving.transport import pack
from ui.state import Reader, read_state

STEPS = "/app/static/decoding-steps"  # below the app's own address
LONGEST_SMALL, LONGEST_LARGE = 256, 64  # tokens that a timed step reads


class PassesData(TypedDict):
    """Tokens of the prompt and those written after it; lengths to time, and where.

    n_text: tokens of the reader's whole text.
    """

    pass_id: str
    pieces: list[str]
    n_prompt: int
    n_text: int
    lengths: list[int]
    numbers: str
    sentence: dict[str, str]


class StepData(TypedDict):
    """Seconds of one more token at a length; `busy` where another reader is measuring."""

    n: int
    cached: float
    uncached: float
    busy: bool


def show_passes_board(reader: Reader) -> None:
    """The first picture."""
    component(__file__)(key="passes-board", data=describe_passes(reader))


def describe_passes(reader: Reader) -> PassesData:
    """The text, cut to what is drawn, and what the model writes after it."""
    loaded = load(reader.model_name)
    prompt = reader.token_ids[:PROMPT]
    new = written(reader.model_name, prompt)
    return {
        "pass_id": f"{reader.model_name} {prompt}",
        "pieces": [*reader.pieces[:PROMPT], *loaded.tokenizer.pieces(list(new))],
        "n_prompt": len(prompt),
        "n_text": len(reader.token_ids),
        "lengths": lengths(reader.model_name),
        "numbers": f"{base_path()}{STEPS}",
        "sentence": reader.sentence,
    }


def lengths(name: str) -> list[int]:
    """Powers of two, of a large model only short ones."""
    loaded = load(name)
    longest = LONGEST_SMALL if loaded.is_small else LONGEST_LARGE
    return [n for n in (8, 16, 32, 64, 128, 256) if n <= min(longest, loaded.most_tokens)]


def packed_step(raw: Mapping[str, str]) -> bytes:
    """One length, measured now; one that is not offered is the shortest."""
    now = read_state(raw)
    wanted = whole_number(raw.get("n", ""))
    offered = lengths(now.model_name)
    n = wanted if wanted in offered else offered[0]
    assert n is not None
    try:
        time = timed_step(now.model_name, now.token_ids, n)
    except BusyError:
        busy: StepData = {"n": n, "cached": 0.0, "uncached": 0.0, "busy": True}
        return pack(busy, {})
    answer: StepData = {
        "n": n,
        "cached": time.cached,
        "uncached": time.uncached,
        "busy": False,
    }
    return pack(answer, {})


ROUTES = [data_route(STEPS, lambda raw: Answer(packed_step(raw)))]
