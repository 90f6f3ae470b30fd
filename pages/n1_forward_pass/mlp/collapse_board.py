"""The bend taken out of the network: its two matrices become one; with the bend, no one matrix."""

from __future__ import annotations

from functools import lru_cache
from typing import TypedDict

import torch
from torch import Tensor

from pages.n1_forward_pass.mlp.mlp_board import SHOWN, mlp_input
from transformer_core.lens.collapse import halfway, one_matrix, without_bend
from ui.frame import reader
from ui.models import HEAVY_PASSES, LoadedModel, load, trace
from ui.serving.component import component
from ui.serving.transport import pack
from ui.state import Reader


class CollapseHeader(TypedDict):
    """Where the reader looks, counted from 0, and the model's shape.

    `other`: the token that is paired with it; None in a text of one token, where the other vector
    is zero.
    """

    pieces: tuple[str, ...]
    layer: int
    token: int
    other: int | None
    d_model: int
    d_ff: int
    activation: str
    bias: bool


class CollapseOutputs(TypedDict):
    """Each [d_model]: without the bend, by both matrices and by one; with it, for the halfway input
    and halfway between the outputs."""

    two: Tensor
    one: Tensor
    of_middle: Tensor
    middle_of: Tensor


def show_collapse_board() -> None:
    """Two outputs that are the same, and two that are not, for the token looked at."""
    component(__file__)(key="collapse-board", data=pack_collapse(reader()))


def pack_collapse(now: Reader) -> bytes:
    """The four outputs where the reader looks."""
    loaded, ids = load(now.model_name), now.token_ids[:SHOWN]
    config, token = loaded.config, min(now.token, len(ids) - 1)
    other = None if len(ids) == 1 else token - 1 if token else 1
    header: CollapseHeader = {
        "pieces": now.pieces[:SHOWN],
        "layer": now.layer,
        "token": token,
        "other": other,
        "d_model": config.d_model,
        "d_ff": config.d_ff,
        "activation": config.activation,
        "bias": config.feed_forward_bias,
    }
    return pack(header, collapse_outputs(loaded, ids, now.layer, token, other))


@lru_cache(maxsize=32)
def collapse_outputs(
    loaded: LoadedModel, ids: tuple[int, ...], layer: int, token: int, other: int | None
) -> CollapseOutputs:
    """Of one layer's network, on the vectors of this text."""
    network = loaded.model.blocks[layer].feed_forward
    x = mlp_input(loaded.config.block, trace(loaded.name, ids).blocks[layer])[0]
    a, b = x[token], torch.zeros_like(x[token]) if other is None else x[other]
    with HEAVY_PASSES, torch.inference_mode():
        matrix, bias = one_matrix(network)
        of_middle, middle_of = halfway(network, a, b)
        return {
            "two": without_bend(network, a),
            "one": a @ matrix + bias,
            "of_middle": of_middle,
            "middle_of": middle_of,
        }
