"""The tiles: one head's scores, its values and what the dense softmax made of them, packed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict

import streamlit as st
from torch import Tensor

from transformer_core.attention import AttentionTrace, repeat_heads
from transformer_core.lens.corrections import most_plainly_corrected
from ui.models import load, trace
from ui.serving.address import base_path
from ui.serving.component import component
from ui.serving.data import Answer, data_route
from ui.serving.transport import pack
from ui.state import Reader, read_state

TILES = "/app/static/tiles"  # below the app's own address
SHOWN = 64  # tokens; a token's row does not depend on the tokens after it, so none is falsified


class TilesHeader(TypedDict):
    """Which pass it is of which shape, where the reader looks, the tile's size in the address.

    tile: 0 where the address names none; numbers: where other heads of `sentence` are to be had.
    """

    pass_id: str
    pieces: list[str]
    layer: int
    head: int
    token: int
    tile: int
    n_layers: int
    n_heads: int
    d_head: int
    numbers: str
    sentence: dict[str, str]


class HeadHeader(TypedDict):
    """Which head it is."""

    layer: int
    head: int


class HeadArrays(TypedDict):
    """Scores [query, key], before the mask; values and what the dense softmax mixed of them.

    v, mixed [token, d_head].
    """

    scores: Tensor
    v: Tensor
    mixed: Tensor


def show_tiles_board(reader: Reader, tile: str) -> None:
    """`tile` is the size of a tile in the address, as it stands there."""
    component(__file__)(key="tiles-board", data=pack_tiles(reader, tile))
    if len(reader.token_ids) > SHOWN:
        st.caption(
            f"Drawn for the first {SHOWN} of {len(reader.token_ids)} tokens; their rows do not "
            "depend on what comes after them."
        )


def pack_tiles(reader: Reader, tile: str) -> bytes:
    """The head that the reader looks at."""
    config = load(reader.model_name).config
    pieces = list(reader.pieces[:SHOWN])
    layer, head = first_look(reader)
    header: TilesHeader = {
        "pass_id": f"{reader.model_name} {reader.token_ids[:SHOWN]}",
        "pieces": pieces,
        "layer": layer,
        "head": head,
        "token": min(reader.token, len(pieces) - 1),
        "tile": int(tile) if tile.isascii() and tile.isdigit() and len(tile) < 4 else 0,
        "n_layers": config.n_layers,
        "n_heads": config.n_heads,
        "d_head": config.d_head,
        "numbers": f"{base_path()}{TILES}",
        "sentence": reader.sentence,
    }
    return pack(header, head_arrays(shown_trace(reader, layer), head))


def first_look(reader: Reader) -> tuple[int, int]:
    """The reader's layer and head, or, if none is chosen, one whose last row is corrected."""
    if reader.chosen_layer is not None or reader.chosen_head is not None:
        return reader.layer, reader.head
    traced = trace(reader.model_name, reader.token_ids[:SHOWN])
    return most_plainly_corrected(traced, first_size(len(reader.token_ids[:SHOWN])))


def first_size(n: int) -> int:
    """The smallest power of two, from 2 on, that cuts n tokens into four tiles at most."""
    return next(size for size in (2, 4, 8, 16) if n <= 4 * size)


def shown_trace(reader: Reader, layer: int) -> AttentionTrace:
    """One layer's attention on the tokens that are drawn."""
    return trace(reader.model_name, reader.token_ids[:SHOWN]).blocks[layer].attention


def head_arrays(attention: AttentionTrace, head: int) -> HeadArrays:
    """One head with all 32 bits: the browser's tiles are to come as close as the core's."""
    n_groups = attention.q.shape[1] // attention.v.shape[1]
    return {
        "scores": attention.scores[0, head],
        "v": repeat_heads(attention.v, n_groups)[0, head],
        "mixed": attention.mixed_values[0, head],
    }


def packed_head(raw: Mapping[str, str]) -> bytes:
    """Another head of the same pass."""
    now = read_state(raw)
    header: HeadHeader = {"layer": now.chosen_layer or 0, "head": now.chosen_head or 0}
    return pack(header, head_arrays(shown_trace(now, header["layer"]), header["head"]))


ROUTES = [data_route(TILES, lambda raw: Answer(packed_head(raw)))]
