"""What a head is worth on the reader's text: the model run again without it.

All heads of a small model at once; of a large one those with the largest direct effects, the others
when the board asks for them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypedDict

import streamlit as st
import torch
from torch import Tensor

from pages.n1_forward_pass.heads.head_parts import HEADS, SHOWN, HeadsView, asked_for, view
from transformer_core.lens.ablation import Head, Removal, every_head, remove_heads
from transformer_core.lens.head_arithmetic import direct_effects
from ui.frame import reader
from ui.models import HEAVY_PASSES, LoadedModel, load, trace
from ui.serving.component import component
from ui.serving.data import Answer, data_route
from ui.serving.transport import pack
from ui.state import Reader

AT_ONCE = 3e10  # multiplications that are done unasked: about a second of one core
UNASKED = 12  # heads of a model that is larger
CANDIDATES = 6  # likeliest next tokens of the whole model; of each ablated one, half as many


class RemovedHeader(TypedDict):
    """Which heads, [layer, head], and the next tokens that are named."""

    heads: list[tuple[int, int]]
    pieces: dict[str, str]


class RemovalHeader(RemovedHeader):
    """The same, the loss with all heads, and the token on which heads were chosen for their effect.

    effect_on: empty where all heads were removed.
    """

    view: HeadsView
    loss: float
    effect_on: str


class RemovedArrays(TypedDict):
    """Of each removed head: the loss, each token's surprise, and the next tokens worth naming.

    next_ids, chances_without: [removed, named]; chances: the same of the whole model. reads: the
    key that its last query reads most, and weight: how much, both [removed].
    """

    loss_without: Tensor
    surprise_without: Tensor
    next_ids: Tensor
    chances: Tensor
    chances_without: Tensor
    reads: Tensor
    weight: Tensor


class RemovalArrays(RemovedArrays):
    """The same, and each token's surprise with all heads."""

    surprise: Tensor


@dataclass(frozen=True)
class Removed:
    """What is kept of a `Removal`: of the next tokens those worth naming, [removed, named]."""

    heads: tuple[Head, ...]
    loss: float
    loss_without: Tensor
    surprise: Tensor
    surprise_without: Tensor
    next_ids: Tensor
    chances: Tensor
    chances_without: Tensor


@st.fragment
def show_removal_board() -> None:
    """All heads where the model is small, else a few; the board asks for the rest."""
    now = reader()  # not the page's: the head may have been changed since
    with st.spinner("Running the model without some of its heads"):
        packed = pack_removal(now)
    component(__file__)(key="removal-board", data=packed)
    if len(now.token_ids) > SHOWN:
        st.caption(f"Measured on the first {SHOWN} of {len(now.token_ids)} tokens.")


def multiplications(loaded: LoadedModel, n_tokens: int) -> float:
    """About as many as removing every head costs: half of all blocks each, and the unembedding."""
    config = loaded.config
    blocks = config.n_layers * (4 * config.d_model**2 + 2 * config.d_model * config.d_ff) / 2
    per_head = n_tokens * (blocks + config.d_model * config.vocab_size)
    return config.n_layers * config.n_heads * per_head


def all_at_once(loaded: LoadedModel, n_tokens: int) -> bool:
    """Whether every head is removed unasked."""
    return multiplications(loaded, n_tokens) <= AT_ONCE


def unasked(model_name: str, token_ids: tuple[int, ...]) -> tuple[Head, ...]:
    """The heads that are removed unasked: all, or those with the largest direct effects first."""
    loaded = load(model_name)
    if all_at_once(loaded, len(token_ids)):
        return every_head(loaded.model)
    with torch.inference_mode():
        effects = direct_effects(loaded.model, trace(model_name, token_ids)).abs()
    best = effects.flatten().topk(min(UNASKED, effects.numel())).indices.tolist()
    return tuple(divmod(index, effects.shape[1]) for index in best)


@lru_cache(maxsize=64)
def removed(model_name: str, token_ids: tuple[int, ...], heads: tuple[Head, ...]) -> Removed:
    """Computed once for all visitors who read this text."""
    traced = trace(model_name, token_ids)
    with HEAVY_PASSES, torch.inference_mode():
        return _worth_naming(remove_heads(load(model_name).model, traced, heads))


def _worth_naming(removal: Removal) -> Removed:
    """The whole model's likeliest next tokens, and those without the head, some of them twice."""
    shares, without = removal.next_probabilities, removal.next_without
    own = shares.topk(CANDIDATES).indices.expand(len(without), -1)
    named = torch.cat((own, without.topk(CANDIDATES // 2).indices), dim=1)
    return Removed(
        heads=removal.heads,
        loss=removal.loss.item(),
        loss_without=removal.loss_without,
        surprise=removal.surprise,
        surprise_without=removal.surprise_without.half(),
        next_ids=named,
        chances=shares[named],
        chances_without=without.gather(1, named),
    )


def pack_removal(now: Reader) -> bytes:
    """What is removed unasked."""
    loaded, ids = load(now.model_name), now.token_ids[:SHOWN]
    found = removed(now.model_name, ids, unasked(now.model_name, ids))
    first = int(found.next_ids[0, 0])
    header: RemovalHeader = {
        **_named(loaded, found),
        "view": view(now),
        "loss": found.loss,
        "effect_on": "" if all_at_once(loaded, len(ids)) else loaded.tokenizer.pieces([first])[0],
    }
    arrays: RemovalArrays = {**_arrays(now.model_name, ids, found), "surprise": found.surprise}
    return pack(header, arrays)


def _named(loaded: LoadedModel, found: Removed) -> RemovedHeader:
    ids = found.next_ids.unique().tolist()
    pieces = loaded.tokenizer.pieces(ids)
    return {
        "heads": list(found.heads),
        "pieces": {str(i): piece for i, piece in zip(ids, pieces, strict=True)},
    }


def _arrays(model_name: str, token_ids: tuple[int, ...], found: Removed) -> RemovedArrays:
    blocks = trace(model_name, token_ids).blocks
    rows = [blocks[layer].attention.weights[0, head, -1] for layer, head in found.heads]
    most = torch.stack(rows).max(-1)
    return {
        "loss_without": found.loss_without,
        "surprise_without": found.surprise_without,
        "next_ids": found.next_ids,
        "chances": found.chances,
        "chances_without": found.chances_without,
        "reads": most.indices,
        "weight": most.values,
    }


def packed_removed(raw: Mapping[str, str]) -> bytes:
    """One head of a layer, or all of them where none is named."""
    now, _, layer = asked_for(raw)
    loaded, ids = load(now.model_name), now.token_ids[:SHOWN]
    every = range(loaded.config.n_heads)
    heads = every if now.chosen_head is None else (now.chosen_head,)
    found = removed(now.model_name, ids, tuple((layer, head) for head in heads))
    return pack(_named(loaded, found), _arrays(now.model_name, ids, found))


ROUTES = [data_route(f"{HEADS}/removals", lambda raw: Answer(packed_removed(raw)))]
