"""The same head on two sentences: the reader's, and a second one with an address of its own."""

from __future__ import annotations

from typing import TypedDict

import streamlit as st
import torch
from torch import Tensor

from pages.n1_forward_pass.heads.head_parts import (
    SHOWN,
    HeadsView,
    causal_weights,
    first_layers,
    view,
)
from transformer_core.transformer import TransformerTrace
from ui.examples import CAPITAL, STORY
from ui.frame import reader
from ui.models import load, trace
from ui.serving.component import component
from ui.serving.transport import pack
from ui.state import Reader, change_settings, clean_text

TIRED = "The animal didn't cross the street because it was too tired"
BALLS = "Tom had a red ball. Sue had a blue ball. Sue liked"
PAIRS = (
    ("tired / wide", TIRED, TIRED.replace("tired", "wide")),
    ("France / Italy", CAPITAL, CAPITAL.replace("France", "Italy")),
    ("bird / fish", STORY, STORY.replace("bird", "fish")),
    ("his / her", f"{BALLS} his", f"{BALLS} her"),
)
_FIRST = {name: first for name, first, _ in PAIRS}
KEY = "pair-board"


class KnownPair(TypedDict):
    """A pair to start from, by its first sentence."""

    name: str
    text: str


class PairHeader(TypedDict):
    """The reader's place in the first sentence; the second's tokens and how to ask for more of it.

    layers: whose weights come with it; most: the head that differs most at the end, if both are
    equally long and not the same.
    """

    view: HeadsView
    second: list[str]
    sentence: dict[str, str]
    layers: list[int]
    most: tuple[int, int] | None
    pairs: list[KnownPair]


class PairArrays(TypedDict):
    """Weights of both sentences as `causal_weights` gives them."""

    first: Tensor
    other: Tensor


@st.fragment
def show_pair_board() -> None:
    """The field of the second sentence, and one head's maps of both."""
    now = reader()
    st.text_input(
        "Second sentence",
        key="other",
        bind="query-params",
        live="300ms",
        placeholder=partner(now.text),
        label_visibility="collapsed",
    )
    notices: list[str] = []
    second = clean_text(st.session_state["other"] or partner(now.text), notices)
    ids = tuple(load(now.model_name).tokenizer.encode(second))
    if len(ids) > SHOWN:
        notices.append(f"Of the second sentence’s {len(ids)} tokens the first {SHOWN} are shown.")
    if notices:
        st.caption("  \n".join(notices))
    chosen = component(__file__)(
        key=KEY, data=pack_pair(now, second, ids[:SHOWN]), on_pair_change=_take_pair
    )
    if chosen.pair in _FIRST:
        st.rerun()  # the first sentence belongs to the whole page


def _take_pair() -> None:
    """Both sentences of a pair: the second is the first one's twin by itself."""
    wanted = st.session_state[KEY].pair
    if wanted in _FIRST:
        st.session_state["text"] = _FIRST[wanted]
        st.session_state["other"] = ""
        change_settings({"more": "", "token": ""})


def partner(text: str) -> str:
    """What to compare a text with until the reader says so: its twin, or its words backwards."""
    twins = {first: second for _, first, second in PAIRS}
    return twins.get(text) or " ".join(reversed(text.split()))


def pack_pair(now: Reader, second: str, second_ids: tuple[int, ...]) -> bytes:
    """The weights on both texts, of the layers that are sent unasked."""
    first_ids = now.token_ids[:SHOWN]
    one, two = (trace(now.model_name, ids) for ids in (first_ids, second_ids))
    layers = first_layers(now, max(len(first_ids), len(second_ids)))
    header: PairHeader = {
        "view": {**view(now), "pass_id": f"{now.model_name} {first_ids} {second_ids}"},
        "second": load(now.model_name).tokenizer.pieces(list(second_ids)),
        "sentence": {**now.sentence, "text": second, "more": ""},
        "layers": layers,
        "most": most_moved(one, two),
        "pairs": [{"name": name, "text": first} for name, first in _FIRST.items()],
    }
    arrays: PairArrays = {
        "first": causal_weights(one, layers),
        "other": causal_weights(two, layers),
    }
    return pack(header, arrays)


def most_moved(one: TransformerTrace, two: TransformerTrace) -> tuple[int, int] | None:
    """The head whose last row differs most: half the sum of the differences of its shares."""
    ids, others = one.token_ids, two.token_ids
    if ids.shape != others.shape or torch.equal(ids, others):
        return None
    rows = (torch.stack([b.attention.weights[0, :, -1] for b in t.blocks]) for t in (one, two))
    first, second = rows
    apart = (first - second).abs().sum(-1) / 2
    layer, head = divmod(int(apart.argmax()), apart.shape[1])
    return layer, head
