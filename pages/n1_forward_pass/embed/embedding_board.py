"""The Embed lesson's picture: the rows that the tokens look up, and what their positions add."""

from __future__ import annotations

from pages.n1_forward_pass.embed.embedding_table import address
from transformer_core.transformer import TransformerTrace
from ui.models import load, trace
from ui.serving.component import component
from ui.serving.transport import pack
from ui.state import Reader

SHOWN = 64  # tokens


def show_embedding_board(reader: Reader) -> None:
    """The table, the rows looked up, the positions, and their sum."""
    token_ids = reader.token_ids[:SHOWN]
    packed = pack_board(reader, trace(reader.model_name, token_ids))
    component(__file__)(key="embedding-board", data=packed)


def pack_board(reader: Reader, traced: TransformerTrace) -> bytes:
    """Rows and what is added to them, [position, d_model], as 16-bit floats."""
    loaded = load(reader.model_name)
    rows = traced.token_embedded[0]
    places = (traced.embedded - traced.token_embedded)[0]
    ids = reader.token_ids[:SHOWN]
    header = {
        "pass": f"{reader.model_name} {ids}",
        "ids": ids,
        "total": len(reader.token_ids),
        "pieces": reader.pieces[:SHOWN],
        "token": min(reader.token, len(ids) - 1),
        "d_model": loaded.config.d_model,
        "vocab_size": loaded.config.vocab_size,
        "placed": bool(places.any()),
        "table": address(loaded),
    }
    return pack(header, {"rows": rows.half(), "places": places.half()})
