"""Steps that wait for one another: layers timed on this server when a reader asks, and counted.

Readers who measure take turns. Each turn is one layer at one length and is over in a quarter of a
second, so neither they nor a pass of the model have to wait longer.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from threading import Lock
from typing import TypedDict

from torch import Tensor, nn

from pages.n0_why.recurrence.recorded import recorded_times
from transformer_core.lens.sequence_layers import (
    ATTENTION,
    LINEAR,
    LSTM_LAYER,
    fastest_step,
    made_up_texts,
    make_layer,
    step_seconds,
)
from ui.models import HEAVY_PASSES
from ui.serving.address import base_path, whole_number
from ui.serving.component import component
from ui.serving.data import Answer, data_route
from ui.serving.transport import pack

NUMBERS = "/app/static/step-times"  # below the app's own address
LENGTHS = (128, 256, 512, 1024, 2048)
TIMED = (LSTM_LAYER, LINEAR, ATTENTION)
D_MODEL = 64
TURN = 0.18  # seconds

_turn = Lock()


class RecordedTimes(TypedDict):
    """A recorded model's milliseconds at each length."""

    name: str
    x: list[float]
    y: list[float]


class StepsData(TypedDict):
    """Where times are to be had, of which layers at which lengths; those on record."""

    numbers: str
    layers: list[str]
    lengths: list[int]
    d_model: int
    recorded: list[RecordedTimes]


class TimeHeader(TypedDict):
    """Seconds of forward and backward; null where one step would have taken too long."""

    layer: str
    n: int
    seconds: float | None


def show_waiting_board() -> None:
    """Times on record until the reader asks for those of this server."""
    component(__file__)(key="waiting-board", data=steps_data())


def steps_data() -> StepsData:
    """What the board begins with."""
    first = LENGTHS[0]
    recorded: list[RecordedTimes] = [
        {
            "name": name,
            "x": [n for n in curve.x if n >= first],
            "y": [ms for n, ms in zip(curve.x, curve.y, strict=True) if n >= first],
        }
        for name, curve in recorded_times().items()
    ]
    return {
        "numbers": f"{base_path()}{NUMBERS}",
        "layers": list(TIMED),
        "lengths": list(LENGTHS),
        "d_model": D_MODEL,
        "recorded": recorded,
    }


@cache
def _layer(name: str) -> tuple[nn.Module, Tensor]:
    """A layer that has run once, and random vectors: the time does not depend on their values."""
    longest = LENGTHS[-1]
    x = made_up_texts(1, longest, D_MODEL, seed=0)
    layer = make_layer(name, D_MODEL, longest, seed=1)
    step_seconds(layer, x[:, : LENGTHS[0]])
    return layer, x


def measured(name: str, n: int) -> TimeHeader:
    """One layer at one length, in one turn."""
    layer, x = _layer(name)
    with _turn, HEAVY_PASSES:
        return {"layer": name, "n": n, "seconds": fastest_step(layer, x[:, :n], TURN)}


def packed_time(raw: Mapping[str, str]) -> bytes:
    """An odd layer is the first, an odd length the shortest."""
    name, n = raw.get("layer", ""), whole_number(raw.get("n", ""))
    name = name if name in TIMED else TIMED[0]
    return pack(measured(name, n if n in LENGTHS else LENGTHS[0]), {})


ROUTES = [data_route(NUMBERS, lambda raw: Answer(packed_time(raw)))]
