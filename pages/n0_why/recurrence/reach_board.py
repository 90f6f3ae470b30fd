"""How far back a correction reaches: in four untrained layers, and in trained models on record."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TypedDict

from torch import Tensor

from pages.n0_why.recurrence.recorded import trained_reach
from transformer_core.lens.sequence_layers import (
    LSTM_LAYER,
    NAMES,
    RNN_LAYER,
    Start,
    reach_at_start,
)
from ui.models import HEAVY_PASSES
from ui.serving.address import base_path
from ui.serving.component import component
from ui.serving.data import Answer, data_route
from ui.serving.transport import pack
from ui.state import setting

NUMBERS = "/app/static/reach"  # below the app's own address
D_MODEL, LENGTH = 64, 129  # numbers in a vector, tokens: distances from 0 to 128
SEEDS = (1, 2, 3)
SCALES = (0.5, 1.0, 1.5, 2.0, 2.5)
BIASES = (-1.0, 0.0, 1.0, 2.0, 3.0)
FIRST = 1.0  # scale and bias that the chart opens with


class RecordedCurve(TypedDict):
    """A trained model's shares at some distances."""

    name: str
    x: list[float]
    y: list[float]


class ReachHeader(TypedDict):
    """Where other settings are to be had; the settings of the two sliders, and which are chosen."""

    numbers: str
    names: list[str]
    scales: list[float]
    biases: list[float]
    scale: float
    bias: float
    trained: list[RecordedCurve]


def show_reach_board() -> None:
    """Four curves as they begin; the sliders ask for others."""
    component(__file__)(key="reach-board", data=pack_reach())


def pack_reach() -> bytes:
    """Every layer at its first setting, or at that of the address."""
    scale, bias = chosen("scale", SCALES), chosen("bias", BIASES)
    header: ReachHeader = {
        "numbers": f"{base_path()}{NUMBERS}",
        "names": list(NAMES),
        "scales": list(SCALES),
        "biases": list(BIASES),
        "scale": scale,
        "bias": bias,
        "trained": [
            {"name": name, "x": list(curve.x), "y": list(curve.y)}
            for name, curve in trained_reach().items()
        ],
    }
    return pack(header, {name: curve(name, scale, bias) for name in NAMES})


def chosen(name: str, among: tuple[float, ...]) -> float:
    """A setting of the address, if it is one of the slider's."""
    return next((each for each in among if str(each) == setting(name)), FIRST)


def curve(name: str, scale: float, bias: float) -> Tensor:
    """A layer's reach; settings of another layer make no difference."""
    return _measured(
        name, scale if name == RNN_LAYER else FIRST, bias if name == LSTM_LAYER else FIRST
    )


@lru_cache(maxsize=32)
def _measured(name: str, scale: float, bias: float) -> Tensor:
    with HEAVY_PASSES:
        return reach_at_start(name, D_MODEL, LENGTH, SEEDS, Start(scale, bias))


def packed_curve(raw: Mapping[str, str]) -> bytes:
    """Another setting of one layer; an odd one is the first."""
    name = raw.get("layer", "")
    scale, bias = (
        next((each for each in among if str(each) == raw.get(of, "")), FIRST)
        for of, among in (("scale", SCALES), ("bias", BIASES))
    )
    name = name if name in NAMES else RNN_LAYER
    return pack({}, {"reach": curve(name, scale, bias)})


ROUTES = [data_route(NUMBERS, lambda raw: Answer(packed_curve(raw)))]
