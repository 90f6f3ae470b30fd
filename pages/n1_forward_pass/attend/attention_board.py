"""The Attend lesson's picture: queries, keys and values of all heads, packed for the browser."""

from __future__ import annotations

import streamlit as st
import torch

from transformer_core.transformer import TransformerTrace
from ui.models import load, trace
from ui.serving.component import component
from ui.serving.transport import pack
from ui.state import Reader

SHOWN = 64  # tokens; a token's row does not depend on the tokens after it, so none is falsified


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
    """q, k and v of all layers, [layer, head, position, d_head], as 16-bit floats."""
    config = load(reader.model_name).config
    header = {
        "pass": f"{reader.model_name} {reader.token_ids[:SHOWN]}",
        "pieces": reader.pieces[:SHOWN],
        "layer": reader.layer,
        "head": reader.head,
        "token": min(reader.token, len(reader.token_ids[:SHOWN]) - 1),
        "n_layers": config.n_layers,
        "n_heads": config.n_heads,
        "d_head": config.d_head,
        "d_model": config.d_model,
        "bias": config.bias,
        "normed": config.block == "pre_norm",
        "rotary": config.position == "rope",
    }
    layers = [block.attention for block in traced.blocks]
    return pack(
        header,
        {
            name: torch.stack([getattr(layer, name)[0] for layer in layers]).half()
            for name in ("q", "k", "v")
        },
    )
