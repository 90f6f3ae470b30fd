"""Take branches, skip connections and norms out of the trained model: what becomes of the text."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import TypedDict

import streamlit as st
import torch
from torch import Tensor

from pages.n1_forward_pass.residual.word_vectors import SHOWN
from transformer_core.config import SUBLAYERS
from transformer_core.lens.prediction import token_losses
from transformer_core.lens.removal import FINAL_NORM, KINDS, Part, every_part, run_without
from transformer_core.lens.residual_stream import pushes
from ui.frame import reader
from ui.models import HEAVY_PASSES, LoadedModel, load, trace
from ui.serving.address import base_path
from ui.serving.component import component
from ui.serving.data import Answer, data_route
from ui.serving.transport import pack
from ui.state import Reader, read_state, setting

CANDIDATES = 12  # parts that are offered for measuring where there are too many for all
PARTS = "/app/static/residual/part"  # below the app's own address
FIELD = "removed"
_CODES = dict(zip(("a", "as", "an", "m", "ms", "mn"), KINDS, strict=True))
_CODE = re.compile(r"([am][sn]?)([1-9]\d?)")


class Outcome(TypedDict):
    """The loss, the loss of each token, and the likeliest words after the text.

    JSON knows no infinity: what has overflowed is None.
    """

    loss: float | None
    surprises: list[float | None]
    next: list[tuple[str, float]]


class Alone(TypedDict):
    """What becomes of the text without one part alone, and the likeliest word after it."""

    loss: float | None
    next: tuple[str, float]


class Removal(TypedDict):
    """The pass with all parts, the one without those removed, and one without each alone.

    `overview`: of every part of a small model. Of another one, `candidates` can be measured at
    `parts`, one by one: what they add pushes the likeliest next word most. `n_parts`: of all.
    """

    pieces: list[str]
    n_layers: int
    removed: list[str]
    intact: Outcome
    without: Outcome
    overview: dict[str, Alone]
    candidates: list[str]
    n_parts: int
    parts: str
    sentence: dict[str, str]


class PartHeader(TypedDict):
    """A part, and what becomes of the text without it."""

    code: str
    alone: Alone


@st.fragment
def show_without_board() -> None:
    """Every part as a button that shows what its loss costs; and the pass without all chosen."""
    now = reader()
    removed, understood = parts_named(setting(FIELD), load(now.model_name))
    if not understood:
        st.caption("The address names parts that this model does not have; they stay on.")
    component(__file__)(
        key="without-board",
        data=removal_message(now, removed),
        on_cut_change=lambda: None,
    )


def parts_named(text: str, loaded: LoadedModel) -> tuple[frozenset[Part], bool]:
    """The parts that `as3.mn2.f` names: a skip, a norm, the final norm; and whether all exist."""
    parts, words = set(), [word for word in text.split(".") if word]
    for word in words:
        found = _CODE.fullmatch(word)
        if word == "f":
            parts.add((FINAL_NORM, loaded.config.n_layers - 1))
        elif found and int(found[2]) <= loaded.config.n_layers:
            parts.add((_CODES[found[1]], int(found[2]) - 1))
    return frozenset(parts), len(parts) == len(set(words))


def code(part: Part) -> str:
    """A part as it stands in the address."""
    if part[0] == FINAL_NORM:
        return "f"
    return next(short for short, kind in _CODES.items() if kind == part[0]) + str(part[1] + 1)


def removal_message(now: Reader, removed: frozenset[Part]) -> Removal:
    """What the browser shows."""
    loaded, name, ids = load(now.model_name), now.model_name, now.token_ids[:SHOWN]
    return {
        "pieces": list(now.pieces[:SHOWN]),
        "n_layers": loaded.config.n_layers,
        "removed": sorted(map(code, removed)),
        "intact": outcome(name, ids, frozenset()),
        "without": outcome(name, ids, removed),
        "overview": overview(name, ids) if loaded.is_small else {},
        "candidates": [] if loaded.is_small else candidates(name, ids),
        "n_parts": len(every_part(loaded.config)),
        "parts": f"{base_path()}{PARTS}",
        "sentence": now.sentence,
    }


@lru_cache(maxsize=32)
def candidates(model_name: str, token_ids: tuple[int, ...]) -> list[str]:
    """The sublayers whose additions push the likeliest word after the text most, by layer."""
    loaded, traced = load(model_name), trace(model_name, token_ids)
    with torch.inference_mode():
        given = pushes(loaded.model, traced, traced.logits[0].argmax(-1))[1:-1, -1]
    strongest = given.abs().topk(min(CANDIDATES, len(given))).indices.sort().values.tolist()
    return [code((SUBLAYERS[i % 2], i // 2)) for i in strongest]


@lru_cache(maxsize=512)  # a few words and a number for each of the text's
def outcome(model_name: str, token_ids: tuple[int, ...], removed: frozenset[Part]) -> Outcome:
    """Of the pass without these parts."""
    loaded, traced = load(model_name), trace(model_name, token_ids)
    logits = traced.logits
    if removed:
        first = min(layer for _, layer in removed)
        with HEAVY_PASSES, torch.inference_mode():
            x = traced.blocks[first].resid_pre
            logits = run_without(loaded.model, x, removed, first)[1]
    return _told(loaded, logits, _targets(traced.logits, token_ids))


@lru_cache(maxsize=32)
def overview(model_name: str, token_ids: tuple[int, ...]) -> dict[str, Alone]:
    """The same for every part taken out alone."""
    parts = every_part(load(model_name).config)
    return {code(part): _alone(model_name, token_ids, part) for part in parts}


def _alone(model_name: str, token_ids: tuple[int, ...], part: Part) -> Alone:
    told = outcome(model_name, token_ids, frozenset((part,)))
    return {"loss": told["loss"], "next": told["next"][0]}


def packed_part(raw: Mapping[str, str]) -> bytes:
    """What one part is worth; of several, or of none that there is, the first sublayer's."""
    now = read_state(raw)
    named = parts_named(raw.get("part", ""), load(now.model_name))[0]
    part = next(iter(named)) if len(named) == 1 else (SUBLAYERS[0], 0)
    alone = _alone(now.model_name, now.token_ids[:SHOWN], part)
    header: PartHeader = {"code": code(part), "alone": alone}
    return pack(header, {})


ROUTES = [data_route(PARTS, lambda raw: Answer(packed_part(raw)))]


def _targets(intact: Tensor, token_ids: tuple[int, ...]) -> Tensor:
    """The text itself; a lone token is followed by what the intact model would write next."""
    ids = token_ids if len(token_ids) > 1 else (*token_ids, int(intact[0, -1].argmax()))
    return torch.tensor([ids])


def _told(loaded: LoadedModel, logits: Tensor, targets: Tensor) -> Outcome:
    short = logits if targets.shape[1] == logits.shape[1] else torch.cat((logits, logits), 1)
    each = token_losses(short[0], targets[0])
    likely = logits[0, -1].softmax(-1).nan_to_num(0.0).topk(5)
    words = loaded.tokenizer.pieces(likely.indices.tolist())
    return {
        "loss": _finite(float(each.mean())),
        "surprises": [_finite(value) for value in each.tolist()],
        "next": list(zip(words, likely.values.tolist(), strict=True)),
    }


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
