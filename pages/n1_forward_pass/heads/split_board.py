"""One layer for one word: a wide vector split into heads, each on its own, and joined again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict

import torch
from torch import Tensor

from pages.n1_forward_pass.heads.head_parts import (
    HEADS,
    SHOWN,
    HeadsView,
    asked_for,
    causal_weights,
    view,
)
from transformer_core.lens.head_arithmetic import written_by_heads
from transformer_core.transformer import TransformerTrace
from ui.models import load, trace
from ui.serving.component import component
from ui.serving.data import Answer, data_route
from ui.serving.transport import pack
from ui.state import Reader

AT_MOST = 36_000  # numbers of a layer; of a longer text or a wider model they are thinned


class SplitHeader(TypedDict):
    """Of each vector every `every`th number is sent, of one layer."""

    view: HeadsView
    layer: int
    every: int
    d_model: int
    d_head: int
    n_kv_heads: int


class SplitArrays(TypedDict):
    """[token, ...]: what attention reads and writes, and each head's part of it.

    weights: [head, ...], as `causal_weights` gives them, in 255ths; most: the largest of each row;
    written: the length of what each head adds.
    """

    x: Tensor
    q: Tensor
    k: Tensor
    mixed: Tensor
    output: Tensor
    weights: Tensor
    most: Tensor
    written: Tensor


def show_split_board(reader: Reader) -> None:
    """Strips of the chosen word's numbers with the shapes they have."""
    traced = trace(reader.model_name, reader.token_ids[:SHOWN])
    component(__file__)(key="split-board", data=pack_split(reader, traced, reader.layer))


def pack_split(reader: Reader, traced: TransformerTrace, layer: int) -> bytes:
    """The numbers of one layer and all tokens."""
    model = load(reader.model_name).model
    config, block = model.config, traced.blocks[layer]
    pre_norm = config.block == "pre_norm"
    each, n = block.attention, traced.token_ids.shape[1]
    per_token = 4 * config.d_model + config.n_kv_heads * config.d_head
    every = -(-n * per_token // AT_MOST)
    header: SplitHeader = {
        "view": view(reader),
        "layer": layer,
        "every": every,
        "d_model": config.d_model,
        "d_head": config.d_head,
        "n_kv_heads": config.n_kv_heads,
    }
    arrays: SplitArrays = {
        "x": _halved(block.attention_norm if pre_norm else block.resid_pre, every),
        "q": _halved(each.q.transpose(1, 2), every),
        "k": _halved(each.k.transpose(1, 2), every),
        "mixed": _halved(each.mixed_values.transpose(1, 2), every),
        "output": _halved(each.output, every),
        "weights": (255 * causal_weights(traced, [layer])[0].float()).round().to(torch.uint8),
        "most": _halved(each.weights.amax(-1).mT),
        "written": _halved(written_by_heads(model.blocks[layer].attention, each).norm(dim=-1)),
    }
    return pack(header, arrays)


def _halved(x: Tensor, every: int = 1) -> Tensor:
    """[token, ...] of [batch, token, ...], as 16-bit floats."""
    return x[0, ..., ::every].half()


def packed_split(raw: Mapping[str, str]) -> bytes:
    """Another layer's numbers."""
    return pack_split(*asked_for(raw))


ROUTES = [data_route(f"{HEADS}/split", lambda raw: Answer(packed_split(raw)))]
