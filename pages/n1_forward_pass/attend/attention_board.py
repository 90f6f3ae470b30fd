"""The Attend lesson's picture: queries, keys and values of all heads, packed for the browser."""

from __future__ import annotations

from typing import TypedDict

import streamlit as st
import torch
from torch import Tensor

from transformer_core.transformer import TransformerTrace
from ui.models import load, trace
from ui.serving.component import component
from ui.serving.transport import pack
from ui.state import Reader

SHOWN = 64  # tokens; a token's row does not depend on the tokens after it, so none is falsified


class AttentionHeader(TypedDict):
    """Which pass it is of which shape, and where the reader looks."""

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
    """All queries, keys and values as 16-bit floats."""
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
    }
    layers = [block.attention for block in traced.blocks]
    arrays: AttentionArrays = {
        "q": torch.stack([layer.q[0] for layer in layers]).half(),
        "k": torch.stack([layer.k[0] for layer in layers]).half(),
        "v": torch.stack([layer.v[0] for layer in layers]).half(),
    }
    return pack(header, arrays)
