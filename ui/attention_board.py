"""The Attend lesson's picture: queries, keys and values of all heads, packed for the browser."""

from __future__ import annotations

import json
import struct

import numpy as np
import streamlit as st

from transformer_core.transformer import TransformerTrace
from ui.component import component
from ui.models import load, trace
from ui.state import Reader

SHOWN = 64  # tokens; a token's row does not depend on the tokens after it, so none is falsified


def show_attention_board(reader: Reader) -> None:
    """Four linked heatmaps, the row's values, and the division by the root of d_head."""
    token_ids = reader.token_ids[:SHOWN]
    packed = pack(reader, trace(reader.model_name, token_ids))
    component("attention_board")(key="attention-board", data=packed)
    if len(reader.token_ids) > SHOWN:
        st.caption(
            f"Drawn for the first {SHOWN} of {len(reader.token_ids)} tokens; their rows do not "
            "depend on what comes after them."
        )


def pack(reader: Reader, traced: TransformerTrace) -> bytes:
    """A JSON header behind its length in four bytes, then q, k and v of each layer as float16."""
    config = load(reader.model_name).config
    header = json.dumps(
        {
            "pass": f"{reader.model_name} {reader.token_ids[:SHOWN]}",
            "pieces": reader.pieces[:SHOWN],
            "layer": reader.layer,
            "head": reader.head,
            "token": min(reader.token, len(reader.token_ids[:SHOWN]) - 1),
            "n_layers": config.n_layers,
            "n_heads": config.n_heads,
            "n_kv_heads": config.n_kv_heads,
            "d_head": config.d_head,
        }
    ).encode()
    parts = [
        tensor.numpy().astype(np.float16).tobytes()
        for block in traced.blocks
        for tensor in (block.attention.q, block.attention.k, block.attention.v)
    ]
    return b"".join((struct.pack("<I", len(header)), header, *parts))
