"""One layer for one word: a wide vector split into heads, each on its own, and joined again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

import torch
from torch import Tensor

from pages.n1_forward_pass.heads.heads_board import SHOWN, HeadsView, causal_weights, view
from transformer_core.lens.head_arithmetic import written_by_heads
from transformer_core.transformer import Transformer, TransformerTrace
from ui.models import load, trace
from ui.serving.component import component
from ui.serving.transport import pack
from ui.state import Reader

DRAWN = 6 * 192  # numbers per token and kind, over all layers; a larger model is drawn thinned


class SplitHeader(TypedDict):
    """Of each vector every `every`th number is sent."""

    view: HeadsView
    every: int
    d_model: int
    d_head: int
    n_kv_heads: int


class SplitArrays(TypedDict):
    """[layer, token, ...]: what attention reads and writes, and each head's part of it.

    weights: as `causal_weights` gives them, in 255ths; most: the largest of each row; written: the
    length of what each head adds.
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
    packed = pack_split(reader, load(reader.model_name).model, traced)
    component(__file__)(key="split-board", data=packed)


def pack_split(reader: Reader, model: Transformer, traced: TransformerTrace) -> bytes:
    """The numbers of all layers and tokens, thinned where the model is large."""
    config = model.config
    every = -(-config.n_layers * config.d_model // DRAWN)
    header: SplitHeader = {
        "view": view(reader),
        "every": every,
        "d_model": config.d_model,
        "d_head": config.d_head,
        "n_kv_heads": config.n_kv_heads,
    }
    layers = [block.attention for block in traced.blocks]
    pre_norm = config.block == "pre_norm"
    read = [b.attention_norm if pre_norm else b.resid_pre for b in traced.blocks]
    arrays: SplitArrays = {
        "x": _by_token(read, every),
        "q": _by_token([layer.q.transpose(1, 2) for layer in layers], every),
        "k": _by_token([layer.k.transpose(1, 2) for layer in layers], every),
        "mixed": _by_token([layer.mixed_values.transpose(1, 2) for layer in layers], every),
        "output": _by_token([layer.output for layer in layers], every),
        "weights": (255 * causal_weights(traced).float()).round().to(torch.uint8),
        "most": _by_token([layer.weights.amax(-1).mT for layer in layers]),
        "written": _by_token(
            [
                written_by_heads(block.attention, layer).norm(dim=-1)
                for block, layer in zip(model.blocks, layers, strict=True)
            ]
        ),
    }
    return pack(header, arrays)


def _by_token(layers: Sequence[Tensor], every: int = 1) -> Tensor:
    """[layer, token, ...] of layers [batch, token, ...], as 16-bit floats."""
    return torch.stack([layer[0, ..., ::every] for layer in layers]).half()
