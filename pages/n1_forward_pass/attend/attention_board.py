"""The Attend lesson's picture: queries, keys and values of all heads, packed for the browser."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict

import streamlit as st
import torch
from torch import Tensor

from transformer_core.config import TransformerConfig
from transformer_core.transformer import TransformerTrace
from ui.models import load, trace
from ui.serving.address import base_path
from ui.serving.component import component
from ui.serving.data import Answer, data_route
from ui.serving.transport import pack
from ui.state import Reader, read_state

ATTENTION = "/app/static/attention"  # below the app's own address
AT_ONCE = 225_000  # bytes up to which all layers are sent unasked
SHOWN = 64  # tokens; a token's row does not depend on the tokens after it, so none is falsified


class AttentionHeader(TypedDict):
    """Which pass it is of which shape, and where the reader looks.

    layers: those that come with it; more of `sentence` is to be had at the address `numbers`.
    """

    pass_id: str
    pieces: list[str]
    layer: int
    head: int
    token: int
    n_layers: int
    n_heads: int
    d_head: int
    d_model: int
    bias: bool
    normed: bool
    rotary: bool
    layers: list[int]
    numbers: str
    sentence: dict[str, str]


class LayerHeader(TypedDict):
    """Which layers come with it."""

    layers: list[int]


class AttentionArrays(TypedDict):
    """[layer, head, token, d_head]; k and v have fewer heads where several share them."""

    q: Tensor
    k: Tensor
    v: Tensor


def show_attention_board(reader: Reader) -> None:
    """Four linked heatmaps, the row's values, and the division by the root of d_head."""
    token_ids = reader.token_ids[:SHOWN]
    packed = pack_board(reader, trace(reader.model_name, token_ids))
    component(__file__)(key="attention-board", data=packed)
    if len(reader.token_ids) > SHOWN:
        st.caption(
            f"Drawn for the first {SHOWN} of {len(reader.token_ids)} tokens; their rows do not "
            "depend on what comes after them."
        )


def pack_board(reader: Reader, traced: TransformerTrace) -> bytes:
    """Queries, keys and values of the layers that are sent unasked."""
    config = load(reader.model_name).config
    pieces = list(reader.pieces[:SHOWN])
    header: AttentionHeader = {
        "pass_id": f"{reader.model_name} {reader.token_ids[:SHOWN]}",
        "pieces": pieces,
        "layer": reader.layer,
        "head": reader.head,
        "token": min(reader.token, len(pieces) - 1),
        "n_layers": config.n_layers,
        "n_heads": config.n_heads,
        "d_head": config.d_head,
        "d_model": config.d_model,
        "bias": config.attention_bias,
        "normed": config.block == "pre_norm",
        "rotary": config.position == "rope",
        "layers": first_layers(config, len(pieces), reader.layer),
        "numbers": f"{base_path()}{ATTENTION}",
        "sentence": reader.sentence,
    }
    return pack(header, vectors(traced, header["layers"]))


def first_layers(config: TransformerConfig, n_tokens: int, layer: int) -> list[int]:
    """All where they are small, else the one that is looked at."""
    vectors = config.n_heads + 2 * config.n_kv_heads
    size = 2 * n_tokens * config.n_layers * vectors * config.d_head
    return list(range(config.n_layers)) if size <= AT_ONCE else [layer]


def vectors(traced: TransformerTrace, layers: list[int]) -> AttentionArrays:
    """All queries, keys and values of some layers as 16-bit floats."""
    chosen = [traced.blocks[layer].attention for layer in layers]
    return {
        "q": torch.stack([layer.q[0] for layer in chosen]).half(),
        "k": torch.stack([layer.k[0] for layer in chosen]).half(),
        "v": torch.stack([layer.v[0] for layer in chosen]).half(),
    }


def packed_layer(raw: Mapping[str, str]) -> bytes:
    """Another layer of the same pass."""
    now = read_state(raw)
    header: LayerHeader = {"layers": [now.chosen_layer or 0]}
    return pack(header, vectors(trace(now.model_name, now.token_ids[:SHOWN]), header["layers"]))


ROUTES = [data_route(ATTENTION, lambda raw: Answer(packed_layer(raw)))]
