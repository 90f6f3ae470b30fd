"""Fewer bytes at any length: both ways on a published accelerator, counted, not measured."""

from __future__ import annotations

from typing import TypedDict

from transformer_core.laws.memory_traffic import A100, Accelerator
from ui.serving.component import component


class AcceleratorData(TypedDict):
    """A published machine.

    flops: per second; bandwidth: bytes per second of slow memory, from and to; fast_bytes: of fast
    memory.
    """

    title: str
    flops: float
    bandwidth: tuple[float, float]
    fast_bytes: int


class TrafficData(TypedDict):
    """The machine whose limits are drawn."""

    machine: AcceleratorData


def show_traffic_board() -> None:
    """Bytes against length, and what they allow the machine to compute."""
    component(__file__)(key="traffic-board", data=traffic_data(A100))


def traffic_data(machine: Accelerator) -> TrafficData:
    """As the browser counts with it."""
    return {
        "machine": {
            "title": machine.title,
            "flops": machine.flops,
            "bandwidth": machine.bandwidth,
            "fast_bytes": machine.fast_bytes,
        }
    }
