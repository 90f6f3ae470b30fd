"""The Embed lesson's picture: the rows that the tokens look up, and what their positions add."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from torch import Tensor

from pages.n1_forward_pass.embed.embedding_table import address
from transformer_core.transformer import TransformerTrace
from ui.models import load, trace
from ui.serving.component import component
from ui.serving.transport import pack
from ui.state import Reader

SHOWN = 64  # tokens
COMMON = 16_384  # tokens: the first that were merged
LONG = 4  # letters: shorter words are mostly grammar


class LookupHeader(TypedDict):
    """The first of `total` tokens, the one looked at, and the matrix's address (`table`).

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
    """Rows, and what is added to them if anything is, [position, d_model], as 16-bit floats."""

    rows: Tensor
    places: Tensor


def show_embedding_board(reader: Reader) -> None:
    """The table, the rows looked up, the positions, and their sum."""
    token_ids = reader.token_ids[:SHOWN]
    packed = pack_board(reader, trace(reader.model_name, token_ids))
    component(__file__)(key="embedding-board", data=packed)


def looked_at(reader: Reader) -> int:
    """The token that the reader has chosen, else a whole word: rather a long and common one, and
    the last of those.
    """
    pieces, ids = reader.pieces[:SHOWN], reader.token_ids[:SHOWN]
    if reader.chosen_token is not None:
        return min(reader.chosen_token, len(ids) - 1)
    whole = [i for i in range(len(ids)) if _is_whole_word(pieces, i)]
    letters = [min(len(piece.strip()), LONG) for piece in pieces]
    return max(whole or [len(ids) - 1], key=lambda i: (letters[i], ids[i] < COMMON, i))


def _is_whole_word(pieces: Sequence[str], i: int) -> bool:
    """Neither begun by the token before nor continued by the next."""
    begins = i == 0 or pieces[i].startswith(" ")
    ends = i + 1 == len(pieces) or not pieces[i + 1][:1].isalpha()
    return begins and ends and pieces[i].strip().isalpha()


def pack_board(reader: Reader, traced: TransformerTrace) -> bytes:
    """The rows that the tokens look up, and what their positions add."""
    loaded = load(reader.model_name)
    rows = traced.token_embedded[0]
    added = (traced.embedded - traced.token_embedded)[0]
    placed = bool(added.any())
    ids = reader.token_ids[:SHOWN]
    header: LookupHeader = {
        "key": f"{reader.model_name} {ids}",
        "ids": ids,
        "total": len(reader.token_ids),
        "pieces": reader.pieces[:SHOWN],
        "token": looked_at(reader),
        "d_model": loaded.config.d_model,
        "vocab_size": loaded.config.vocab_size,
        "placed": placed,
        "table": address(loaded),
    }
    places = added if placed else added[:0]
    arrays: LookupArrays = {"rows": rows.half(), "places": places.half()}
    return pack(header, arrays)
