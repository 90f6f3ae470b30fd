"""Two networks of equally many parameters, and how many pictures they learn from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from torch import nn

from transformer_core.convolution import ConvolutionalNet
from transformer_core.drawings import CHANNELS, KINDS
from transformer_core.training.experiments.course import TunedCourse
from transformer_core.training.experiments.experiment import Place
from transformer_core.training.shapes import SHAPES
from transformer_core.vision import VisionTransformer

CONFIG = replace(SHAPES, patch_size=7)  # 16 patches: a third of the time that 49 take
TRANSFORMER, CONVOLUTION = "Vision Transformer", "convolutional net"


@dataclass(frozen=True, kw_only=True)
class Setting(TunedCourse):
    """The trainings of one network; a token of the course is a picture."""

    network: str
    parameters: int
    pictures: tuple[int, ...]
    test_pictures: int


def settings(place: Place, quick: bool) -> list[Setting]:
    """One for each network."""
    batch_size = 8 if quick else 64
    steps = 4 if quick else 3000
    return [
        Setting(
            network=network,
            parameters=sum(p.numel() for p in make(network, 1).parameters()),
            pictures=(16, 32) if quick else (100, 1_000, 10_000, 40_000),
            test_pictures=64 if quick else 2_000,
            context_length=1,
            batch_size=batch_size,
            tokens=steps * batch_size,
            tuning_tokens=steps // 2 * batch_size,
            seeds=(1,) if quick else (1, 2),
            learning_rate=4e-3,
        )
        for network in (TRANSFORMER, CONVOLUTION)
    ]


def make(network: str, seed: int) -> nn.Module:
    """At initialisation."""
    made: Any = (
        VisionTransformer(CONFIG)
        if network == TRANSFORMER
        else ConvolutionalNet(CHANNELS, len(KINDS))
    )
    made.initialise(seed)
    return made
