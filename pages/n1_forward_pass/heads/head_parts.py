"""What the Heads lesson's boards ask for by themselves: another layer's numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict

import torch
from torch import Tensor

from transformer_core.transformer import TransformerTrace
from ui.models import load, trace
from ui.serving.address import base_path
from ui.serving.data import Answer, data_route
from ui.serving.transport import pack
from ui.state import Reader, read_state

HEADS = "/app/static/heads"  # below the app's own address
SHOWN = 64  # tokens; a token's row does not depend on the tokens after it, so none is falsified
AT_ONCE = 80_000  # bytes of weights up to which all layers are sent unasked


class HeadsView(TypedDict):
    """What every picture of this lesson must know of the reader: text, place and shape.

    More of the numbers of `sentence` is to be had below the address `numbers`.
    """

    pass_id: str
    pieces: list[str]
    layer: int
    head: int
    token: int
    n_layers: int
    n_heads: int
    numbers: str
    sentence: dict[str, str]


class LayerHeader(TypedDict):
    """Which layers' numbers come with it."""

    layers: list[int]


class WeightArrays(TypedDict):
    """Of each layer sent, all weights that the mask lets through: see `causal_weights`."""

    weights: Tensor


def view(reader: Reader) -> HeadsView:
    """The reader's place in the tokens that are drawn."""
    config = load(reader.model_name).config
    return {
        "pass_id": f"{reader.model_name} {reader.token_ids[:SHOWN]}",
        "pieces": list(reader.pieces[:SHOWN]),
        "layer": reader.layer,
        "head": reader.head,
        "token": min(reader.token, SHOWN - 1),
        "n_layers": config.n_layers,
        "n_heads": config.n_heads,
        "numbers": f"{base_path()}{HEADS}",
        "sentence": reader.sentence,
    }


def first_layers(reader: Reader, n_tokens: int) -> list[int]:
    """The layers whose weights are sent unasked: all where they are small, else the reader's."""
    config = load(reader.model_name).config
    size = config.n_layers * config.n_heads * n_tokens * (n_tokens + 1)
    return list(range(config.n_layers)) if size <= AT_ONCE else [reader.layer]


def causal_weights(traced: TransformerTrace, layers: list[int]) -> Tensor:
    """The weights of some layers, row after row without what the mask hides, as 16-bit floats.

    Shape [layer, head, n (n + 1) / 2]; `causalRow` of ui/kit/tensors.js reads it.
    """
    weights = torch.stack([traced.blocks[layer].attention.weights[0] for layer in layers])
    row, column = torch.tril_indices(*weights.shape[2:])
    return weights[:, :, row, column].half()


def asked_for(raw: Mapping[str, str]) -> tuple[Reader, TransformerTrace, int]:
    """The text that an address names, its trace, and the layer that is wanted of it."""
    now = read_state(raw)
    return now, trace(now.model_name, now.token_ids[:SHOWN]), now.chosen_layer or 0


def packed_weights(raw: Mapping[str, str]) -> bytes:
    """One layer's weights."""
    _, traced, layer = asked_for(raw)
    header: LayerHeader = {"layers": [layer]}
    arrays: WeightArrays = {"weights": causal_weights(traced, [layer])}
    return pack(header, arrays)


ROUTES = [data_route(f"{HEADS}/weights", lambda raw: Answer(packed_weights(raw)))]
