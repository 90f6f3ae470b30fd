"""The Heads lesson's picture: every head's map, and how well each head plays each known role."""

from __future__ import annotations

from functools import cache
from typing import NotRequired, TypedDict

import numpy as np
import streamlit as st
import torch
from numpy.typing import NDArray
from torch import Tensor

from pages.n1_forward_pass.heads.head_parts import (
    SHOWN,
    HeadsView,
    causal_weights,
    first_layers,
    view,
)
from transformer_core.lens.head_roles import ON_TEXT, ROLES, chance, mean_weight_on, role_target
from transformer_core.lens.induction import copying
from transformer_core.lens.small_maps import MOST_BINS, bins_of, small_maps
from transformer_core.transformer import TransformerTrace
from ui.head_roles import CLEAR_ROLES, COPIES, head_record, measured_halves
from ui.models import HEAVY_PASSES, load, trace
from ui.serving.component import component
from ui.serving.transport import pack
from ui.state import Reader, setting

SMALL = 64  # heads up to which each map of the wall may show every token
REPEATING = " ".join(["red stone cat river lamp green door song"] * 2) + " red stone"
_MEASURED_ON = {role: on for on, role, _ in CLEAR_ROLES.values()} | {"line_break": "text"}
_CLEAR_FROM = {role: least for _, role, least in CLEAR_ROLES.values()}


class RoleFacts(TypedDict):
    """A role, and in words which text it was measured on.

    clear: the score from which on a head is called by it; chance, even: what a head that looks
    evenly gets there and on the reader's text.
    """

    name: str
    title: str
    meaning: str
    on: str
    clear: float | None
    chance: float | None
    even: float


class WallHeader(TypedDict):
    """The role that is chosen, the model's guess after each token, and all roles.

    The weights that come with it are those of `layers`.
    """

    view: HeadsView
    layers: list[int]
    role: str
    repeating: str
    guesses: list[str]
    roles: list[RoleFacts]


class WallArrays(TypedDict):
    """Weights as `causal_weights` gives them; scores [role, layer, head].

    maps: every head's map in small, as `small_maps` gives it; favourites: the key that each query
    attends to most, [layer, head, query]; inducing: 1 for heads with both halves of induction;
    copies: 1 for heads that raise the logit of what followed an earlier copy on the reader's text.
    """

    weights: Tensor
    maps: np.ndarray
    favourites: Tensor
    confidence: Tensor
    targets: Tensor
    live: Tensor
    copies: Tensor
    measured: NotRequired[Tensor]
    inducing: NotRequired[Tensor]


def show_heads_board(reader: Reader) -> None:
    """A wall of maps, layers downwards and heads across; one of them enlarged."""
    traced = trace(reader.model_name, reader.token_ids[:SHOWN])
    component(__file__)(key="heads-board", data=pack_wall(reader, traced, _role()))
    if len(reader.token_ids) > SHOWN:
        st.caption(
            f"Everything on this page is drawn for the first {SHOWN} of {len(reader.token_ids)} "
            "tokens. Their attention weights do not depend on what comes after them."
        )


def _role() -> str:
    """The role that the address names, or none."""
    wanted = setting("role")
    if wanted and wanted not in ROLES:
        st.caption("The address names a role that is not among those measured, so none is chosen.")
        return ""
    return wanted


def pack_wall(reader: Reader, traced: TransformerTrace, role: str) -> bytes:
    """Every head's map in small, and for each role its targets and every head's two scores."""
    tokenizer, ids = load(reader.model_name).tokenizer, traced.token_ids
    targets = {name: role_target(name, ids, tokenizer) for name in ROLES}
    measured, expected = recorded_scores(reader.model_name)
    best = traced.logits[0].softmax(-1).max(-1)
    header: WallHeader = {
        "view": view(reader),
        "layers": first_layers(reader, ids.shape[1]),
        "role": role,
        "repeating": REPEATING,
        "guesses": tokenizer.pieces(best.indices.tolist()),
        "roles": _facts(reader.model_name, expected, chance(tokenizer, ids, ON_TEXT)),
    }
    weights = torch.stack([block.attention.weights for block in traced.blocks])
    live = [[mean_weight_on(layer, targets[name]) for layer in weights] for name in ROLES]
    arrays: WallArrays = {
        "weights": causal_weights(traced, header["layers"]),
        "maps": wall_maps(weights[:, 0]),
        "favourites": weights[:, 0].argmax(-1).to(torch.uint8),
        "confidence": best.values,
        "targets": torch.cat(list(targets.values())),
        "live": torch.stack([torch.stack(layers) for layers in live]),
        "copies": copies_here(reader.model_name, traced, targets["induction"][0]),
    }
    if measured:
        arrays["measured"] = torch.tensor([measured[name] for name in ROLES])
        arrays["inducing"] = torch.zeros_like(arrays["copies"])
        halves = measured_halves(reader.model_name)
        for layer, head in halves.both() if halves else []:
            arrays["inducing"][layer, head] = 1
    return pack(header, arrays)


def copies_here(model_name: str, traced: TransformerTrace, target: Tensor) -> Tensor:
    """The second half of induction on one text: 1 for heads that raise the copied logit, uint8."""
    if not target.any():
        return torch.zeros(len(traced.blocks), traced.blocks[0].attention.weights.shape[1]).byte()
    with HEAVY_PASSES, torch.inference_mode():
        return (copying(load(model_name).model, traced, target) >= COPIES).byte()


def wall_maps(weights: Tensor) -> NDArray[np.uint8]:
    """Of weights [layer, head, query, key], with fewer rows where there are many heads."""
    n_heads, n = weights.shape[0] * weights.shape[1], weights.shape[-1]
    bins = bins_of(n, SHOWN if n_heads <= SMALL else MOST_BINS)
    return small_maps((65_535 * weights).round().to(torch.uint16).numpy(), bins)


def _facts(model_name: str, expected: dict[str, float], even: dict[str, float]) -> list[RoleFacts]:
    read = head_record(model_name).get("read", "texts kept out of training")
    on = {"repeated": "made-up repeats of random tokens", "text": read}
    return [
        {
            "name": name,
            "title": each.title,
            "meaning": each.meaning,
            "on": on[_MEASURED_ON[name]],
            "clear": _CLEAR_FROM.get(name),
            "chance": expected.get(name),
            "even": even[name],
        }
        for name, each in ROLES.items()
    ]


@cache
def recorded_scores(model_name: str) -> tuple[dict[str, list[list[float]]], dict[str, float]]:
    """Every head's recorded score, {role: [layer][head]}, and what chance gives; else empty.

    Each role on the text it was measured on: repeated random tokens, or held-out text.
    """
    try:
        record = head_record(model_name)
        n_layers = 1 + max(head["layer"] for head in record["heads"])
        scores: dict[str, list[list[float]]] = {}
        for role, on in _MEASURED_ON.items():
            scores[role] = [[] for _ in range(n_layers)]
            for head in record["heads"]:
                scores[role][head["layer"]].append(head[on][role])
        return scores, {role: record["chance"][on][role] for role, on in _MEASURED_ON.items()}
    except (ValueError, KeyError):
        return {}, {}
