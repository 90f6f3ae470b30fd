"""The Positions lesson's picture: five schemes on the reader's tokens, packed for the browser."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import streamlit as st
import torch
from torch import Tensor
from torch.nn.functional import normalize

from pages.n1_forward_pass.positions.word_order import bare
from transformer_core.lens.position_scores import sinusoidal_by_distance, table_by_distance
from transformer_core.lens.word_order import first_attention
from transformer_core.positions import alibi_slopes, sinusoidal_table
from ui.models import HEAVY_PASSES, MODELS, LoadedModel, ModelUnavailableError, load, trace
from ui.serving.component import component
from ui.serving.transport import pack
from ui.state import Reader

SHOWN = 64  # tokens, and at most so many rows of a table
LEAST = 24  # rows of a table shown even for a short text: waves need room
COLUMNS = 192  # numbers of a row that are shown
DISTANCES = 256
REACH = 256  # positions of the learned table that are compared with one another
ROTATED = 1_000_000  # numbers of q and k up to which all layers are sent, else the reader's own
LENT = {"learned": "fable-classic", "rope": "fable-modern"}


def show_position_board(reader: Reader) -> None:
    """Where each scheme acts, its picture, and what it says about distance."""
    component(__file__)(key="position-board", data=pack_board(reader))
    if len(reader.token_ids) > SHOWN:
        st.caption(f"Drawn for the first {SHOWN} of {len(reader.token_ids)} tokens.")


def with_scheme(reader: Reader, scheme: str) -> tuple[LoadedModel, tuple[int, ...]] | None:
    """A model that uses the scheme, and the reader's first tokens as it reads them.

    The reader's own where it does, else the shipped one that does; None where that is lost.
    """
    own = load(reader.model_name)
    if own.config.position == scheme:
        return own, reader.token_ids[:SHOWN]
    try:
        lent = load(LENT[scheme])
    except ModelUnavailableError:
        return None
    alike = reader.model_name in MODELS  # the shipped models read the same tokens
    ids = reader.token_ids if alike else tuple(lent.tokenizer.encode(reader.text))
    return lent, ids[: min(SHOWN, lent.config.context_length)]


def pack_board(reader: Reader) -> bytes:
    """Everything that the five pictures and four curves show."""
    own = load(reader.model_name)
    ids = reader.token_ids[:SHOWN]
    rows = max(len(ids), LEAST)
    header: dict[str, Any] = {
        "pass": f"{reader.model_name} {ids}",
        "pieces": reader.pieces[:SHOWN],
        "token": min(reader.token, len(ids) - 1),
        "layer": reader.layer,
        "head": reader.head,
        "scheme": st.session_state.get("scheme") or "",
        "own": own.config.position,
        "model": own.name,
        "d_model": own.config.d_model,
        "context": own.config.context_length,
    }
    arrays = {
        "sinusoidal": sinusoidal_table(0, rows, own.config.d_model)[:, :COLUMNS].half(),
        "sinusoidal_curve": sinusoidal_by_distance(own.config.d_model, DISTANCES),
        "slopes": alibi_slopes(own.config.n_heads),
    }
    typed, other = both_orders(own, ids)
    arrays |= {"typed": typed[..., :48].half(), "reversed": other[..., :48].half()}
    apart = (other.flip(1) - typed).abs().amax((1, 2))
    header["apart"], header["reach"] = apart.tolist(), typed.abs().amax((1, 2)).tolist()
    if found := with_scheme(reader, "learned"):
        header["table"], learned = learned_picture(found[0], rows)
        arrays |= learned
    if found := with_scheme(reader, "rope"):
        header["rope"], rotated = rope_picture(reader, *found)
        arrays |= rotated
    return pack(header, arrays)


def learned_picture(lent: LoadedModel, rows: int) -> tuple[dict[str, Any], dict[str, Tensor]]:
    """The trained table's first rows, how alike any two rows are, and their product by distance."""
    table = lent.model.get_parameter("position.table")[:REACH].float()
    unit = normalize(table, dim=-1)
    return {"model": lent.name, "d_model": lent.config.d_model}, {
        "learned": table[:rows, :COLUMNS].half(),
        "alike": (unit @ unit.mT).half(),
        "learned_curve": table_by_distance(table),
    }


def rope_picture(
    reader: Reader, lent: LoadedModel, ids: tuple[int, ...]
) -> tuple[dict[str, Any], dict[str, Tensor]]:
    """Queries and keys as they were rotated, [layer, head, position, d_head]."""
    config, same = lent.config, ids == reader.token_ids[:SHOWN]
    numbers = config.n_layers * (config.n_heads + config.n_kv_heads) * config.d_head * len(ids)
    layers = list(range(config.n_layers))
    if numbers > ROTATED:
        layers = [min(reader.layer, config.n_layers - 1)]
    attention = [trace(lent.name, ids).blocks[layer].attention for layer in layers]
    header = {
        "model": lent.name,
        "pieces": reader.pieces[:SHOWN] if same else lent.tokenizer.pieces(list(ids)),
        "same": same,
        "layers": layers,
        "n_heads": config.n_heads,
        "d_head": config.d_head,
        "base": config.rope_base,
        "length": config.context_length,
    }
    return header, {
        n: torch.stack([getattr(a, n)[0] for a in attention]).half() for n in ("q", "k")
    }


@lru_cache(maxsize=32)
def both_orders(loaded: LoadedModel, ids: tuple[int, ...]) -> tuple[Tensor, Tensor]:
    """What the first attention layer gives each token without any position, typed and reversed.

    Each [unmasked or causal, position, d_model].
    """
    typed = torch.tensor(ids)
    with HEAVY_PASSES, torch.inference_mode():
        first, second = (
            torch.stack([first_attention(bare(loaded), order, causal) for causal in (False, True)])
            for order in (typed, typed.flip(0))
        )
    return first, second
