"""What each head is worth on the reader's text: the model run again without it."""

from __future__ import annotations

from functools import lru_cache
from typing import TypedDict

import streamlit as st
import torch
from torch import Tensor

from pages.n1_forward_pass.heads.heads_board import SHOWN, HeadsView, view
from transformer_core.lens.ablation import Removal, remove_heads
from ui.frame import reader
from ui.models import HEAVY_PASSES, LoadedModel, load, trace
from ui.serving.component import component
from ui.serving.transport import pack
from ui.state import Reader

AT_ONCE = 3e10  # multiplications that are done unasked: about a second of one core
CANDIDATES = 6  # likeliest next tokens of the whole model; of each ablated one, half as many
_ASKED = "removal-asked"


class RemovalHeader(TypedDict):
    """The next tokens worth naming, and the loss with all heads."""

    view: HeadsView
    next: list[str]
    loss: float


class RemovalArrays(TypedDict):
    """What `Removal` holds, of the tokens that are named; without a head: [layer, head, ...]."""

    loss_without: Tensor
    surprise: Tensor
    surprise_without: Tensor
    chances: Tensor
    chances_without: Tensor


@st.fragment
def show_removal_board() -> None:
    """All heads at once where the model is small, else when the reader asks for it."""
    now = reader()  # not the page's: the head may have been changed since
    loaded, ids = load(now.model_name), now.token_ids[:SHOWN]
    heads = loaded.config.n_layers * loaded.config.n_heads
    wanted, work = (now.model_name, ids), multiplications(loaded, len(ids))
    if work > AT_ONCE and st.session_state.get(_ASKED) != wanted:
        st.button(
            f"Switch off each of the {heads} heads of this larger model in turn "
            f"(about {work / AT_ONCE:.0f} s of a free processor core)",
            icon=":material/science:",
            on_click=st.session_state.__setitem__,
            args=(_ASKED, wanted),
        )
        return
    with st.spinner(f"Running the model without each of its {heads} heads"):
        packed = pack_removal(now, removal(*wanted))
    component(__file__)(key="removal-board", data=packed)


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


def pack_removal(now: Reader, removed: Removal) -> bytes:
    """Surprise token by token, and the chances of the next tokens worth naming."""
    shares, without = removed.next_probabilities, removed.next_without
    tops = (shares.topk(CANDIDATES).indices, without.topk(CANDIDATES // 2).indices.flatten())
    named = torch.cat(tops).unique()
    header: RemovalHeader = {
        "view": view(now),
        "next": load(now.model_name).tokenizer.pieces(named.tolist()),
        "loss": removed.loss.item(),
    }
    arrays: RemovalArrays = {
        "loss_without": removed.loss_without,
        "surprise": removed.surprise,
        "surprise_without": removed.surprise_without.half(),
        "chances": shares[named],
        "chances_without": without[:, :, named],
    }
    return pack(header, arrays)
