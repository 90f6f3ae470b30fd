"""The Embed lesson's picture: the rows that the tokens look up, and what their positions add."""

from __future__ import annotations

from typing import TypedDict

from torch import Tensor

from pages.n1_forward_pass.embed.embedding_table import address
from transformer_core.transformer import TransformerTrace
from ui.models import load, trace
from ui.serving.component import component
from ui.serving.transport import pack
from ui.state import Reader

SHOWN = 64  # tokens


class LookupHeader(TypedDict):
    """The first of `total` tokens, the one looked at, and the address of the matrix (`table`).

    `placed`: whether positions add anything.
    """

    key: str
    ids: tuple[int, ...]
    total: int
    pieces: tuple[str, ...]
    token: int
    d_model: int
    vocab_size: int
    placed: bool
    table: str


class LookupArrays(TypedDict):
    """Rows and what is added to them, [position, d_model], as 16-bit floats."""

    rows: Tensor
    places: Tensor


def show_embedding_board(reader: Reader) -> None:
    """The table, the rows looked up, the positions, and their sum."""
    token_ids = reader.token_ids[:SHOWN]
    packed = pack_board(reader, trace(reader.model_name, token_ids))
    component(__file__)(key="embedding-board", data=packed)


def pack_board(reader: Reader, traced: TransformerTrace) -> bytes:
    """The rows that the tokens look up, and what their positions add."""
    loaded = load(reader.model_name)
    rows = traced.token_embedded[0]
    places = (traced.embedded - traced.token_embedded)[0]
    ids = reader.token_ids[:SHOWN]
    header: LookupHeader = {
        "key": f"{reader.model_name} {ids}",
        "ids": ids,
        "total": len(reader.token_ids),
        "pieces": reader.pieces[:SHOWN],
        "token": min(reader.token, len(ids) - 1),
        "d_model": loaded.config.d_model,
        "vocab_size": loaded.config.vocab_size,
        "placed": bool(places.any()),
        "table": address(loaded),
    }
    arrays: LookupArrays = {"rows": rows.half(), "places": places.half()}
    return pack(header, arrays)
