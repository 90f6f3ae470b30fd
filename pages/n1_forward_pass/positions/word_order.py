"""The shuffle test: the reader's tokens in another order, through trained models and bare ones."""

from __future__ import annotations

from functools import lru_cache
from typing import TypedDict

import streamlit as st
import torch
from torch import Tensor

from transformer_core.lens.word_order import (
    last_token_by_layer,
    moved_share,
    next_token,
    relative_change,
    without_position,
)
from transformer_core.transformer import Transformer
from ui.frame import reader
from ui.known_models import SHIPPED, called
from ui.models import HEAVY_PASSES, LoadedModel, ModelUnavailableError, load
from ui.serving.address import whole_number
from ui.serving.component import component
from ui.state import Reader, setting

SHOWN = 64  # tokens
GUESSES = 5


class ModelGuesses(TypedDict):
    """The likeliest next words in both orders, and the share of probability that changed hands."""

    name: str
    position: str
    typed: list[tuple[str, float]]
    ordered: list[tuple[str, float]]
    moved: float


class BareChange(TypedDict):
    """How far the last token's row moves after each layer, the positions taken out."""

    causal: tuple[float, ...]
    unmasked: tuple[float, ...]


class Shuffle(TypedDict):
    """What the reader's order of the words changes."""

    run: str
    pieces: tuple[str, ...]
    cut: bool
    order: tuple[int, ...]
    own: str
    models: list[ModelGuesses]
    change: BareChange


@st.fragment
def show_word_order() -> None:
    """Words to put in another order, and what the order changes."""
    now = reader()
    component(__file__)(key="word-order", data=order_data(now), on_order_change=lambda: None)


def order_data(now: Reader) -> Shuffle:
    """Both predictions of each model, and how far the last token's row moves without positions."""
    ids = now.token_ids[:SHOWN]
    order = read_order(setting("order"), len(ids))
    own = now.model_name
    return {
        "run": f"{own} {ids}",
        "pieces": now.pieces[: len(ids)],
        "cut": len(now.token_ids) > len(ids),
        "order": order,
        "own": called(own),
        "models": [guesses(load(name), ids, order) for name in models_that_read(now)],
        "change": {
            "causal": bare_change(load(own), ids, order, causal=True),
            "unmasked": bare_change(load(own), ids, order, causal=False),
        },
    }


def models_that_read(now: Reader) -> list[str]:
    """The shipped models, which read the same tokens; an imported model alone."""
    return (
        [name for name in SHIPPED if _is_here(name)]
        if now.model_name in SHIPPED
        else [now.model_name]
    )


def _is_here(name: str) -> bool:
    try:
        load(name)
    except ModelUnavailableError:
        return False
    return True


def read_order(raw: str, n: int) -> tuple[int, ...]:
    """`2.1.3` of the address, counted from 1: all tokens but the last; reversed where unreadable.

    The last token stays the last, so that only the order of those before it changes.
    """
    wanted = tuple((whole_number(part) or 0) - 1 for part in raw.split("."))
    if sorted(wanted) != list(range(n - 1)):
        wanted = tuple(reversed(range(n - 1)))
    return (*wanted, n - 1)


@lru_cache(maxsize=32)
def guesses(loaded: LoadedModel, ids: tuple[int, ...], order: tuple[int, ...]) -> ModelGuesses:
    """One model's, from a pass of each order."""
    before, after = _next(loaded, ids), _next(loaded, tuple(ids[i] for i in order))

    def best(shares: Tensor) -> list[tuple[str, float]]:
        top = shares.topk(GUESSES)
        words = loaded.tokenizer.pieces(top.indices.tolist())
        return list(zip(words, top.values.tolist(), strict=True))

    return {
        "name": called(loaded.name),
        "position": loaded.config.position,
        "typed": best(before),
        "ordered": best(after),
        "moved": moved_share(before, after),
    }


@lru_cache(maxsize=32)
def bare_change(
    loaded: LoadedModel, ids: tuple[int, ...], order: tuple[int, ...], causal: bool
) -> tuple[float, ...]:
    """How far the last token's row moves after each layer, the positions taken out."""
    other = _bare_rows(loaded, tuple(ids[i] for i in order), causal)
    return tuple(relative_change(_bare_rows(loaded, ids, causal), other).tolist())


@lru_cache(maxsize=32)
def _next(loaded: LoadedModel, ids: tuple[int, ...]) -> Tensor:
    with HEAVY_PASSES, torch.inference_mode():
        return next_token(loaded.model, torch.tensor(ids))


@lru_cache(maxsize=32)
def _bare_rows(loaded: LoadedModel, ids: tuple[int, ...], causal: bool) -> Tensor:
    with HEAVY_PASSES, torch.inference_mode():
        return last_token_by_layer(bare(loaded), torch.tensor(ids), causal)


@lru_cache(maxsize=8)
def bare(loaded: LoadedModel) -> Transformer:
    """The model with its positions taken out, on the same weights."""
    return without_position(loaded.model)
