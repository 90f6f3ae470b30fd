"""Activation functions side by side, over the pre-activations of the reader's own sentence."""

from __future__ import annotations

from functools import lru_cache
from typing import TypedDict

import torch
import torch.nn.functional as F
from torch import Tensor

from pages.n1_forward_pass.mlp.mlp_board import SHOWN
from transformer_core.lens.neurons import with_activation
from ui.models import HEAVY_PASSES, LoadedModel, load, trace
from ui.serving.component import component
from ui.serving.transport import pack
from ui.state import Reader

RANGE, COLUMNS = 5.0, 50  # the histogram's reach to either side, and its number of columns
SWAPS = ("relu", "gelu_tanh", "swiglu")


class ActivationHeader(TypedDict):
    """The text, the layer and token looked at, and the functions that were swapped in."""

    pass_key: str
    pieces: tuple[str, ...]
    layer: int
    token: int
    n_layers: int
    activation: str
    swaps: tuple[str, ...]


class ActivationArrays(TypedDict):
    """`negative`: share of the pre-activations; `swapped`: cosine and distance of the outputs."""

    counts: Tensor  # [layer, column]
    negative: Tensor  # [layer]
    swapped: Tensor  # [layer, swap, token, 2]


def show_activation_board(now: Reader) -> None:
    """Curves, slopes, histograms, and each function swapped into the layer looked at."""
    component(__file__)(key="activation-board", data=pack_activations(now))


def pack_activations(now: Reader) -> bytes:
    """For all layers, so that the browser changes between them by itself."""
    loaded, ids = load(now.model_name), now.token_ids[:SHOWN]
    header: ActivationHeader = {
        "pass_key": f"{now.model_name} {ids}",
        "pieces": now.pieces[:SHOWN],
        "layer": now.layer,
        "token": min(now.token, len(ids) - 1),
        "n_layers": loaded.config.n_layers,
        "activation": loaded.config.activation,
        "swaps": SWAPS,
    }
    return pack(header, activation_numbers(loaded, ids))


@lru_cache(maxsize=32)
def activation_numbers(loaded: LoadedModel, ids: tuple[int, ...]) -> ActivationArrays:
    """Histogram of the pre-activations; cosine to and relative distance from the real output."""
    layers = [block.feed_forward for block in trace(loaded.name, ids).blocks]
    with HEAVY_PASSES, torch.inference_mode():
        counts = [
            torch.histc(steps.pre_activation.clamp(-RANGE, RANGE), COLUMNS, -RANGE, RANGE)
            for steps in layers
        ]
        swapped = [
            torch.stack(
                [
                    _compare(with_activation(block.feed_forward, steps, name)[0], steps.output[0])
                    for name in SWAPS
                ]
            )
            for block, steps in zip(loaded.model.blocks, layers, strict=True)
        ]
    return {
        "counts": torch.stack(counts).int(),
        "negative": torch.stack([(steps.pre_activation < 0).float().mean() for steps in layers]),
        "swapped": torch.stack(swapped),
    }


def _compare(changed: Tensor, real: Tensor) -> Tensor:
    """Cosine and distance in lengths of the real output, [token, 2]."""
    distance = (changed - real).norm(dim=-1) / real.norm(dim=-1).clamp(min=1e-12)
    return torch.stack((F.cosine_similarity(changed, real, dim=-1), distance), dim=-1)
