"""A picture through the shape reader: its patches, its attention, what it is called."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import torch
from torch import Tensor

from transformer_core.checkpoints import load_vision_transformer
from transformer_core.drawings import KINDS, SIZE, drawings
from transformer_core.vision import VisionTrace, VisionTransformer, position_likeness
from ui.known_models import ASSETS

MODEL = "shape-reader"
HELD_OUT_SEED = 0  # no training has it
N_DRAWN = 64  # held-out drawings, of which the first of each kind is shown
LEVELS = 15  # of ink in a drawing, one hexadecimal digit a pixel


class NotADrawingError(ValueError):
    """What the address holds is no drawing; the message is a sentence for the reader."""


@cache
def shape_reader() -> VisionTransformer:
    """The trained model; CheckpointError where its file cannot be read."""
    return load_vision_transformer(ASSETS / MODEL)


@cache
def training_record() -> dict[str, Any]:
    """What was measured of it."""
    record: dict[str, Any] = json.loads((ASSETS / MODEL / "training.json").read_text("utf-8"))
    return record


@cache
def examples() -> Tensor:
    """One held-out drawing of each kind, in the order of `KINDS`, uint8 [kind, H, W, C]."""
    pictures, kinds = drawings(N_DRAWN, HELD_OUT_SEED)
    first = [int((kinds == kind).nonzero()[0]) for kind in range(len(KINDS))]
    return pictures[first]


def drawing(digits: str) -> Tensor:
    """A reader's drawing in black on white from one digit a pixel, uint8 [H, W, C]."""
    try:
        ink = torch.tensor([int(digit, LEVELS + 1) for digit in digits])
    except ValueError as error:
        raise NotADrawingError("This address holds no drawing. Draw a new one.") from error
    if len(ink) != SIZE * SIZE:
        raise NotADrawingError("This address holds only a part of a drawing. Draw a new one.")
    grey = (255 - ink * 255 / LEVELS).round().to(torch.uint8)
    return grey.view(SIZE, SIZE, 1).repeat(1, 1, 3)


@dataclass(frozen=True)
class Seen:
    """One picture and every step of its pass; attention [layer, head, query, key], class first."""

    picture: Tensor
    trace: VisionTrace

    @property
    def attention(self) -> Tensor:
        """All weights."""
        return torch.stack([block.attention.weights[0] for block in self.trace.blocks])

    @property
    def chances(self) -> Tensor:
        """Probability of each kind."""
        return self.trace.logits[0].softmax(-1)


@lru_cache(maxsize=64)
def _seen(pixels: bytes) -> Seen:
    picture = torch.frombuffer(bytearray(pixels), dtype=torch.uint8).view(SIZE, SIZE, 3)
    with torch.inference_mode():
        return Seen(picture, shape_reader().trace(picture[None] / 255))


def seen(picture: Tensor) -> Seen:
    """The pass of a picture uint8 [H, W, C]."""
    return _seen(picture.numpy().tobytes())


@cache
def likeness() -> Tensor:
    """Cosines of the trained positions, [patch, patch]."""
    with torch.inference_mode():
        return position_likeness(shape_reader())


@dataclass(frozen=True)
class Neighbours:
    """Mean cosine of a patch's position with the four beside it, its row and column, the others."""

    beside: float
    in_line: float
    elsewhere: float


@cache
def neighbours() -> Neighbours:
    """Of all patches; `in_line` and `elsewhere` leave out whatever counted before."""
    n = SIZE // shape_reader().config.patch_size
    row, column = torch.arange(n * n) // n, torch.arange(n * n) % n
    down, across = (row[:, None] - row).abs(), (column[:, None] - column).abs()
    beside = down + across == 1
    in_line = ((down == 0) | (across == 0)) & (down + across > 1)
    elsewhere = (down > 0) & (across > 0)
    return Neighbours(*(float(likeness()[among].mean()) for among in (beside, in_line, elsewhere)))
