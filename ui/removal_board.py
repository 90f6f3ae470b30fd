"""What each head is worth on the reader's text: the model run again without it."""

from __future__ import annotations

from functools import lru_cache

import streamlit as st
import torch

from transformer_core.lens.ablation import Removal, remove_heads
from ui.component import component
from ui.heads_board import SHOWN, view
from ui.models import HEAVY_PASSES, LoadedModel, load, trace
from ui.state import Reader
from ui.transport import pack

AT_ONCE = 4e11  # multiplications that may be done unasked: about two seconds of one core
CANDIDATES = 6  # likeliest next tokens of the whole model; of each ablated one, half as many


@st.fragment
def show_removal_board(reader: Reader) -> None:
    """All heads at once where the model is small, else when the reader asks for it."""
    loaded, ids = load(reader.model_name), reader.token_ids[:SHOWN]
    heads = loaded.config.n_layers * loaded.config.n_heads
    if multiplications(loaded, len(ids)) > AT_ONCE and not st.button(
        f"Switch off each of the {heads} heads in turn: {heads} more passes of this larger model",
        icon=":material/science:",
    ):
        return
    packed = pack_removal(reader, removal(reader.model_name, ids))
    component("removal_board")(key="removal-board", data=packed)


def multiplications(loaded: LoadedModel, n_tokens: int) -> float:
    """About as many as removing every head costs: half of all blocks each, and the unembedding."""
    config = loaded.config
    blocks = config.n_layers * (4 * config.d_model**2 + 2 * config.d_model * config.d_ff) / 2
    per_head = n_tokens * (blocks + config.d_model * config.vocab_size)
    return config.n_layers * config.n_heads * per_head


@lru_cache(maxsize=16)
def removal(model_name: str, token_ids: tuple[int, ...]) -> Removal:
    """Computed once for all visitors who read this text."""
    traced = trace(model_name, token_ids)
    with HEAVY_PASSES, torch.inference_mode():
        return remove_heads(load(model_name).model, traced)


def pack_removal(reader: Reader, removed: Removal) -> bytes:
    """Surprise token by token, and the chances of the next tokens worth naming."""
    shares, without = removed.next_probabilities, removed.next_without
    tops = (shares.topk(CANDIDATES).indices, without.topk(CANDIDATES // 2).indices.flatten())
    named = torch.cat(tops).unique()
    header = view(reader) | {
        "next": load(reader.model_name).tokenizer.pieces(named.tolist()),
        "loss": removed.loss.item(),
    }
    arrays = {
        "loss_without": removed.loss_without,
        "surprise": removed.surprise,
        "surprise_without": removed.surprise_without.half(),
        "chances": shares[named],
        "chances_without": without[:, :, named],
    }
    return pack(header, arrays)
