"""Ways from word to word: the tokens, and of each pair the head that uses its one step most."""

from __future__ import annotations

from typing import TypedDict

import streamlit as st
import torch
from torch import Tensor

from transformer_core.attention import AttentionTrace
from ui.known_models import catalogue
from ui.models import load, trace
from ui.serving.address import whole_number
from ui.serving.component import component
from ui.serving.transport import pack
from ui.state import Reader, setting

SHOWN = 32  # tokens; a token's weights do not depend on the tokens after it


class PathsHeader(TypedDict):
    """The tokens, the pair of the address (positions from 0, -1 for none), the model's shape."""

    pieces: list[str]
    source: int
    target: int
    title: str
    d_model: int
    n_heads: int


class PathsArrays(TypedDict):
    """Of each pair [query, key]: the largest weight of all heads, and layer · n_heads + head."""

    weights: Tensor
    heads: Tensor


def show_paths_board(reader: Reader) -> None:
    """Three networks above each other, on the reader's own sentence."""
    component(__file__)(key="paths-board", data=pack_paths(reader))
    if len(reader.token_ids) > SHOWN:
        st.caption(
            f"Drawn for the first {SHOWN} of {len(reader.token_ids)} tokens. Their attention "
            "weights do not depend on what comes after them."
        )


def pack_paths(reader: Reader) -> bytes:
    """The pass of the reader's own model, reduced to the strongest head of each pair."""
    loaded = load(reader.model_name)
    pieces = list(reader.pieces[:SHOWN])
    header: PathsHeader = {
        "pieces": pieces,
        "source": place("from", len(pieces)),
        "target": place("to", len(pieces)),
        "title": catalogue().offered[reader.model_name].title,
        "d_model": loaded.config.d_model,
        "n_heads": loaded.config.n_heads,
    }
    traced = trace(reader.model_name, reader.token_ids[:SHOWN])
    return pack(header, strongest([block.attention for block in traced.blocks]))


def place(name: str, n: int) -> int:
    """A position of the address, from 0; -1 where there is none such."""
    position = whole_number(setting(name)) or 0
    return position - 1 if position <= n else -1


def strongest(layers: list[AttentionTrace]) -> PathsArrays:
    """The largest weight that any head gives from each query to each key, and whose it is."""
    weights = torch.stack([layer.weights[0] for layer in layers]).flatten(0, 1)
    best = weights.max(0)
    return {"weights": best.values, "heads": best.indices}
