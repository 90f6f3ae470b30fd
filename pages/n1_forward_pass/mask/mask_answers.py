"""What the Mask lesson's boards ask for by themselves: another layer, more rows of gradients."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict

import torch
from torch import Tensor

from pages.n1_forward_pass.mask.mask_choice import SHOWN, Choice, read_choice
from pages.n1_forward_pass.mask.mask_flow import FOLLOWED, GRADIENTS, pack_gradients
from pages.n1_forward_pass.mask.mask_pass import both_passes
from ui.serving.address import whole_number
from ui.serving.data import Answer, data_route
from ui.serving.transport import pack
from ui.state import Reader, read_state

LAYERS = "/app/static/masks/layer"  # below the app's own address


class MaskLayerHeader(TypedDict):
    """The layer that was asked for."""

    layer: int


class MaskLayerArrays(TypedDict):
    """The weights of one layer in both passes."""

    weights: Tensor  # [pass, head, query, key]


def _asked(raw: Mapping[str, str]) -> tuple[Reader, Choice]:
    now = read_state(raw)
    return now, read_choice(raw.get("mask", ""), len(now.token_ids[:SHOWN]))[0]


def packed_layer(raw: Mapping[str, str]) -> bytes:
    """One layer's weights in both passes."""
    now, choice = _asked(raw)
    layer = now.chosen_layer or 0
    header: MaskLayerHeader = {"layer": layer}
    passes = both_passes(now.model_name, now.token_ids[:SHOWN], choice)
    arrays: MaskLayerArrays = {"weights": torch.stack([each.weights[layer] for each in passes])}
    return pack(header, arrays)


def packed_gradients(raw: Mapping[str, str]) -> bytes:
    """The rows from the one named on; an odd number is the nearest that there is."""
    now, choice = _asked(raw)
    first = whole_number(raw.get("first", "")) or 0
    return pack_gradients(now, choice, min(first, len(now.token_ids[:FOLLOWED]) - 1))


ROUTES = [
    data_route(LAYERS, lambda raw: Answer(packed_layer(raw))),
    data_route(GRADIENTS, lambda raw: Answer(packed_gradients(raw))),
]
