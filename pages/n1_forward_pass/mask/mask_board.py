"""The Mask lesson's picture: the model's pass under any mask beside its own."""

from __future__ import annotations

from typing import TypedDict

import numpy as np
import streamlit as st
import torch
from torch import Tensor

from pages.n1_forward_pass.mask.mask_answers import LAYERS
from pages.n1_forward_pass.mask.mask_choice import (
    SHOWN,
    Choice,
    counted,
    gallery,
    is_picture_only,
    read_choice,
)
from pages.n1_forward_pass.mask.mask_flow import pack_flow
from pages.n1_forward_pass.mask.mask_menu import MaskPattern, mask_menu
from pages.n1_forward_pass.mask.mask_pass import (
    AnswerReader,
    Outcome,
    best_reader,
    both_passes,
)
from pages.n1_forward_pass.mask.one_pass import show_one_pass
from transformer_core.lens.mask_effects import answers_in_sight
from ui.frame import DEEPER, reader
from ui.models import load
from ui.serving.address import base_path
from ui.serving.component import component
from ui.serving.transport import pack
from ui.state import Reader, change_settings, setting

GUESSES = 8  # next tokens per position: the likeliest under either mask
KEY, FIELD = "mask-board", "mask"
CHANGED = "mask-changed"  # since the page ran


class ChosenMask(TypedDict):
    """A kind of mask and its settings, or painted cells; with or without the causal mask."""

    kind: str
    values: tuple[int, ...]
    causal: bool


class MaskHeader(TypedDict):
    """The text, where the reader looks, the menu, and the mask that the numbers belong to.

    `named`: pieces of the guesses by token id; `counted`: positions asked for their next token;
    `on_first`: the first token's share of all later ones' attention, as trained;
    `sent`: the layers whose weights are here, others are asked for at `layers`.
    """

    pass_key: str
    pieces: tuple[str, ...]
    layer: int
    head: int
    token: int
    n_layers: int
    n_heads: int
    sent: tuple[int, ...]
    layers: str
    sentence: dict[str, str]
    kinds: list[MaskPattern]
    choice: ChosenMask
    address: str
    named: dict[str, str]
    counted: int
    reader: AnswerReader | None
    on_first: float


class MaskArrays(TypedDict):
    """Two passes, [0] as trained and [1] under the mask chosen; `gallery`: each mask as bits."""

    gallery: np.ndarray
    mask: Tensor  # [query, key]
    weights: Tensor  # [pass, layer sent, head, query, key]
    losses: Tensor  # [pass, position - 1]
    in_sight: Tensor  # [position - 1]
    guesses: Tensor  # [position, guess]
    shares: Tensor  # [pass, position, guess]


@st.fragment
def show_mask_board() -> None:
    """The board, which follows the mask that is asked for, and what one pass predicts."""
    if st.session_state.pop(CHANGED, False) and st.session_state.get(DEEPER):
        st.rerun()  # the fold shows what flows under this mask
    now = reader()
    choice, notice = chosen(now)
    component(__file__)(key=KEY, data=pack_board(now, choice), on_ask_change=take_choice)
    if notice:
        st.caption(notice)
    if len(now.token_ids) > SHOWN:
        st.caption(
            f"Your text has {len(now.token_ids)} tokens. The boards of this page run the first "
            f"{SHOWN} only, since under most masks later tokens would change earlier ones."
        )
    show_one_pass(now)


def show_mask_flow() -> None:
    """What flows under the mask in the address, unless that mask is only a picture."""
    now = reader()
    choice, _ = chosen(now)
    if is_picture_only(choice):
        st.caption("This mask is only drawn, not run, so nothing flows under it.")
        return
    component(__file__, "mask_flow")(key="mask-flow", data=pack_flow(now, choice))


def take_choice() -> None:
    """The browser asks for another mask."""
    asked = st.session_state[KEY].ask
    if isinstance(asked, str):
        change_settings({FIELD: asked})
        st.session_state[CHANGED] = True


def chosen(now: Reader) -> tuple[Choice, str]:
    """The mask in the address for the tokens that are shown, and what to say about it."""
    return read_choice(setting(FIELD), len(now.token_ids[:SHOWN]))


def pack_board(now: Reader, choice: Choice) -> bytes:
    """Both passes: weights as 16-bit floats, losses, next tokens; every mask of the menu."""
    ids = now.token_ids[:SHOWN]
    loaded = load(now.model_name)
    sent = tuple(range(loaded.config.n_layers)) if loaded.is_small else (now.layer,)
    passes = both_passes(now.model_name, ids, choice)
    arrays = _arrays(passes, choice, sent)
    named = arrays["guesses"].unique().tolist()
    header: MaskHeader = {
        "pass_key": f"{now.model_name} {ids}",
        "pieces": now.pieces[:SHOWN],
        "layer": now.layer,
        "head": now.head,
        "token": min(now.token, len(ids) - 1),
        "n_layers": loaded.config.n_layers,
        "n_heads": loaded.config.n_heads,
        "sent": sent,
        "layers": f"{base_path()}{LAYERS}",
        "sentence": now.sentence,
        "kinds": mask_menu(len(ids), gallery(len(ids))[1]),
        "choice": {"kind": choice.kind, "values": choice.values, "causal": choice.causal},
        "address": choice.address,
        "named": dict(zip(map(str, named), loaded.tokenizer.pieces(named), strict=True)),
        "counted": counted(choice, len(ids)),
        "reader": None if is_picture_only(choice) else best_reader(now.model_name, ids, choice),
        "on_first": float(passes[0].weights[:, :, 1:, 0].float().mean()) if len(ids) > 1 else 1.0,
    }
    return pack(header, arrays)


def _arrays(passes: tuple[Outcome, Outcome], choice: Choice, sent: tuple[int, ...]) -> MaskArrays:
    n, n_layers = len(passes[0].mask), len(passes[0].weights)
    shares = torch.stack([each.logits for each in passes]).softmax(-1)
    best = shares.amax(0).topk(GUESSES).indices
    return {
        "gallery": gallery(n)[0],
        "mask": choice.mask(n),
        "weights": torch.stack([each.weights[list(sent)] for each in passes]),
        "losses": torch.stack([each.losses for each in passes]),
        "in_sight": answers_in_sight(passes[1].mask, n_layers),
        "guesses": best,
        "shares": shares.gather(-1, best.expand(2, -1, -1)),
    }
