"""A cache of fixed size on the reader's text: what is overwritten, what attention it had."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict

import torch
from torch import Tensor

from pages.n4_scale.decoding.decoding_runs import PROMPT, rolling_losses, written
from ui.models import load, trace
from ui.serving.address import base_path, whole_number
from ui.serving.component import component
from ui.serving.data import Answer, data_route
from ui.serving.transport import pack
from ui.state import Reader, read_state

LOSSES = "/app/static/rolling-losses"  # below the app's own address


class RollingHeader(TypedDict):
    """The text with what the model wrote after it; whether keys are kept rotated."""

    pass_id: str
    pieces: list[str]
    rotary: bool
    numbers: str
    sentence: dict[str, str]


class RollingArrays(TypedDict):
    """Attention weights [query, key], the mean of all heads of all layers."""

    weights: Tensor


class LossData(TypedDict):
    """Mean loss in nats of the tokens that come after the first `slots` ones."""

    slots: int
    sinks: int
    full: float
    window: float
    sink: float


def show_rolling_board(reader: Reader) -> None:
    """The third control of memory: not all tokens are kept."""
    component(__file__)(key="rolling-board", data=pack_rolling(reader))


def read_tokens(reader: Reader) -> tuple[int, ...]:
    """The text and what the model writes after it."""
    prompt = reader.token_ids[:PROMPT]
    return (*prompt, *written(reader.model_name, prompt))


def pack_rolling(reader: Reader) -> bytes:
    """Pieces and mean weights."""
    loaded, ids = load(reader.model_name), read_tokens(reader)
    blocks = trace(reader.model_name, ids).blocks
    weights = torch.stack([block.attention.weights[0].mean(0) for block in blocks]).mean(0)
    n = min(len(reader.token_ids), PROMPT)
    header: RollingHeader = {
        "pass_id": f"{reader.model_name} {ids}",
        "pieces": [*reader.pieces[:n], *loaded.tokenizer.pieces(list(ids[n:]))],
        "rotary": loaded.config.position == "rope",
        "numbers": f"{base_path()}{LOSSES}",
        "sentence": reader.sentence,
    }
    arrays: RollingArrays = {"weights": weights}
    return pack(header, arrays)


def packed_losses(raw: Mapping[str, str]) -> bytes:
    """Three passes: all keys, the newest alone, the newest and the sinks."""
    now = read_state(raw)
    ids = read_tokens(now)
    slots = min(max(whole_number(raw.get("slots", "")) or 2, 2), len(ids))
    sinks = min(max(whole_number(raw.get("sinks", "")) or 1, 1), slots - 1)
    cases = ((len(ids), 0), (slots, 0), (slots, sinks))
    full, window, sink = (
        float(rolling_losses(now.model_name, ids, *case)[min(slots, len(ids) - 1) - 1 :].mean())
        for case in cases
    )
    told: LossData = {"slots": slots, "sinks": sinks, "full": full, "window": window, "sink": sink}
    return pack(told, {})


ROUTES = [data_route(LOSSES, lambda raw: Answer(packed_losses(raw)))]
