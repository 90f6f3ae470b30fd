"""Take branches, skip connections and norms out of the trained model: what becomes of the text."""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import TypedDict

import streamlit as st
import torch
from torch import Tensor

from transformer_core.lens.removal import (
    FINAL_NORM,
    KINDS,
    Part,
    every_part,
    run_without,
    surprises,
)
from ui.frame import reader
from ui.models import HEAVY_PASSES, LoadedModel, load, trace
from ui.serving.component import component

SHOWN = 64  # tokens
SMALL = 20_000_000  # parameters of a model that can be run once for each of its parts
FIELD = "removed"
_CODES = dict(zip(("a", "as", "an", "m", "ms", "mn"), KINDS, strict=True))
_CODE = re.compile(r"([am][sn]?)([1-9]\d?)")


class Outcome(TypedDict):
    """The loss, the surprise at each word, and the likeliest words after the text.

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
    """The pass with all parts, the one without those removed, and one without each alone."""

    pieces: list[str]
    n_layers: int
    removed: list[str]
    intact: Outcome
    without: Outcome
    overview: dict[str, Alone] | None


@st.fragment
def show_without_board() -> None:
    """Every part as a button that shows what its loss costs; and the pass without all chosen."""
    now = reader()
    removed, understood = parts_named(st.session_state[FIELD] or "", load(now.model_name))
    if not understood:
        st.caption("The address names parts that this model does not have; they stay in.")
    component(__file__)(
        key="without-board",
        data=removal_message(now.model_name, now.token_ids[:SHOWN], removed),
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


def removal_message(
    model_name: str, token_ids: tuple[int, ...], removed: frozenset[Part]
) -> Removal:
    """What the browser shows."""
    loaded = load(model_name)
    count = sum(parameter.numel() for parameter in loaded.model.parameters())
    return {
        "pieces": loaded.tokenizer.pieces(list(token_ids)),
        "n_layers": loaded.config.n_layers,
        "removed": sorted(map(code, removed)),
        "intact": outcome(model_name, token_ids, frozenset()),
        "without": outcome(model_name, token_ids, removed),
        "overview": overview(model_name, token_ids) if count <= SMALL else None,
    }


@lru_cache(maxsize=32)
def outcome(model_name: str, token_ids: tuple[int, ...], removed: frozenset[Part]) -> Outcome:
    """Of the pass without these parts."""
    loaded, traced = load(model_name), trace(model_name, token_ids)
    logits = traced.logits
    if removed:
        with HEAVY_PASSES, torch.inference_mode():
            logits = run_without(loaded.model, traced.embedded, removed)[1]
    return _told(loaded, logits, _targets(traced.logits, token_ids))


@lru_cache(maxsize=32)
def overview(model_name: str, token_ids: tuple[int, ...]) -> dict[str, Alone]:
    """The same for every part taken out alone; only the layers from there on are run."""
    loaded, traced = load(model_name), trace(model_name, token_ids)
    found: dict[str, Alone] = {}
    targets = _targets(traced.logits, token_ids)
    with HEAVY_PASSES, torch.inference_mode():
        for part in every_part(loaded.config):
            x = traced.blocks[part[1]].resid_pre
            _, logits = run_without(loaded.model, x, frozenset((part,)), part[1])
            told = _told(loaded, logits, targets)
            found[code(part)] = {"loss": told["loss"], "next": told["next"][0]}
    return found


def _targets(intact: Tensor, token_ids: tuple[int, ...]) -> Tensor:
    """The text itself; a lone token is followed by what the intact model would write next."""
    ids = token_ids if len(token_ids) > 1 else (*token_ids, int(intact[0, -1].argmax()))
    return torch.tensor([ids])


def _told(loaded: LoadedModel, logits: Tensor, targets: Tensor) -> Outcome:
    short = logits if targets.shape[1] == logits.shape[1] else torch.cat((logits, logits), 1)
    each = surprises(short, targets)
    likely = logits[0, -1].softmax(-1).nan_to_num(0.0).topk(5)
    words = loaded.tokenizer.pieces(likely.indices.tolist())
    return {
        "loss": _finite(float(each.mean())),
        "surprises": [_finite(value) for value in each.tolist()],
        "next": list(zip(words, likely.values.tolist(), strict=True)),
    }


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
