"""A neuron or a whole MLP taken out of the reader's run: the next token with and without it."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal, TypedDict, cast

import streamlit as st
import torch

from pages.n1_forward_pass.mlp.collapse_board import show_collapse_board
from pages.n1_forward_pass.mlp.mlp_board import SHOWN, chosen_neuron
from transformer_core.lens.neurons import knocked_out
from ui.frame import reader
from ui.models import HEAVY_PASSES, LoadedModel, load, trace
from ui.serving.component import component
from ui.state import Reader

LISTED = 4  # likeliest next tokens of each of the two runs
KEY = "knockout-board"


class KnockoutPlace(TypedDict):
    """A layer, a token and one of the layer's neurons or none, all counted from 1."""

    layer: int
    token: int
    neuron: int | None


class KnockoutSizes(TypedDict):
    """How many there are of each; neurons in one layer."""

    layer: int
    token: int
    neuron: int


class KnockoutRow(TypedDict):
    """A next token, and its probability with all and without what is taken out."""

    piece: str
    before: float
    after: float


class Knockout(TypedDict):
    """Two distributions, likeliest first; `asked`: what is taken out, the whole MLP if no neuron.

    `looked_at`: where the reader looks, with the strongest neuron there.
    """

    pass_key: str
    pieces: tuple[str, ...]
    sizes: KnockoutSizes
    looked_at: KnockoutPlace
    asked: KnockoutPlace
    rows: list[KnockoutRow]


class KnockoutQuestion(TypedDict):
    """What the browser asks for; the places stand in the address, too, and are taken from there."""

    what: Literal["neuron", "mlp"]
    layer: int
    token: int
    neuron: int | None
    pass_key: str


@st.fragment
def show_changed_networks() -> None:
    """The bend taken out, and a part taken out, at the layer and token looked at.

    One fragment: of two that are asked for at the same moment, Streamlit runs one.
    """
    show_collapse_board()
    show_knockout_board()


def show_knockout_board() -> None:
    """What the reader has taken out; until then, the whole MLP of the layer looked at."""
    component(__file__)(key=KEY, data=knockout(reader(), _asked()), on_asked_change=lambda: None)


def _asked() -> KnockoutQuestion | None:
    asked = st.session_state.get(KEY, {}).get("asked")
    return cast("KnockoutQuestion", asked) if isinstance(asked, dict) else None


def knockout(now: Reader, asked: KnockoutQuestion | None) -> Knockout:
    """The two distributions where the reader looks; what was asked of another text is forgotten."""
    ids, loaded = now.token_ids[:SHOWN], load(now.model_name)
    token = min(now.token, len(ids) - 1)
    pass_key = f"{now.model_name} {ids}"
    silent = asked and asked.get("pass_key") == pass_key and asked.get("what") == "neuron"
    chosen = chosen_neuron(loaded.config.d_ff)
    strongest = strongest_neuron(now.model_name, ids, now.layer, token)
    neuron = strongest if chosen is None else chosen
    taken = neuron if silent else None
    return {
        "pass_key": pass_key,
        "pieces": now.pieces[:SHOWN],
        "sizes": {
            "layer": loaded.config.n_layers,
            "token": len(ids),
            "neuron": loaded.config.d_ff,
        },
        "looked_at": {"layer": now.layer + 1, "token": token + 1, "neuron": strongest + 1},
        "asked": {
            "layer": now.layer + 1,
            "token": token + 1,
            "neuron": None if taken is None else taken + 1,
        },
        "rows": distributions(loaded, ids, now.layer, taken, token),
    }


def strongest_neuron(model_name: str, ids: tuple[int, ...], layer: int, token: int) -> int:
    """The neuron of a layer with the largest activation, whatever its sign."""
    return int(trace(model_name, ids).blocks[layer].feed_forward.hidden[0, token].abs().argmax())


@lru_cache(maxsize=32)
def distributions(
    loaded: LoadedModel, ids: tuple[int, ...], layer: int, neuron: int | None, token: int
) -> list[KnockoutRow]:
    """Probabilities after `token` with and without, of the likeliest tokens of either run."""
    traced = trace(loaded.name, ids)
    with HEAVY_PASSES, torch.inference_mode():
        before = traced.logits[0, token].softmax(-1)
        after = knocked_out(loaded.model, traced, layer, neuron, token).softmax(-1)
    listed = before.topk(LISTED).indices.tolist()
    listed += [i for i in after.topk(LISTED).indices.tolist() if i not in listed]
    pieces = loaded.tokenizer.pieces(listed)
    return [
        {"piece": piece, "before": float(before[i]), "after": float(after[i])}
        for i, piece in zip(listed, pieces, strict=True)
    ]
