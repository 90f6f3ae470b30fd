"""How the next token is drawn: the Predict lesson's settings, which live in the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypedDict, cast

from transformer_core.generation import Sampling


class SamplingSettings(TypedDict):
    """Each setting as a number; a filter that is off has the value of no cut."""

    temperature: float
    top_k: float
    top_p: float
    min_p: float
    draws: float
    draw_seed: float
    sample_seed: float
    sample_length: float


@dataclass(frozen=True)
class Range:
    """What one setting may be; outside of it the nearest is taken. `off` is the value of no cut."""

    label: str
    low: float
    high: float
    step: float
    default: float
    off: float | None = None


RANGES = {
    "temperature": Range("temperature", 0, 2, 0.05, 1),
    "top_k": Range("top-k", 0, 256, 1, 0, off=0),
    "top_p": Range("top-p", 0.05, 1, 0.01, 1, off=1),
    "min_p": Range("min-p", 0, 1, 0.01, 0, off=0),
    "draws": Range("number of draws", 10, 10_000, 1, 1_000),
    "draw_seed": Range("seed of the draws", 0, 9_999, 1, 1),
    "sample_seed": Range("seed of the text", 0, 9_999, 1, 1),
    "sample_length": Range("number of new tokens", 8, 64, 1, 24),
}


def read_settings(raw: Mapping[Any, Any]) -> tuple[SamplingSettings, tuple[str, ...]]:
    """Each setting as a number within its range, and what has to be said about odd ones."""
    notices: list[str] = []
    settings = {name: _read(raw.get(name) or "", each, notices) for name, each in RANGES.items()}
    return cast(SamplingSettings, settings), tuple(notices)


def _read(written: str, allowed: Range, notices: list[str]) -> float:
    if written == "":
        return allowed.default
    try:
        value = float(written if written.isascii() and len(written) < 20 else "nan")
    except ValueError:
        value = float("nan")
    if value != value:
        notices.append(f"The address names no valid {allowed.label}; the usual one is used.")
        return allowed.default
    inside = min(max(value, allowed.low), allowed.high)
    if inside != value:
        notices.append(
            f"The {allowed.label} goes from {allowed.low:g} to {allowed.high:g} here; "
            f"{inside:g} is used."
        )
    return round(round(inside / allowed.step) * allowed.step, 6)


def sampling(settings: SamplingSettings) -> Sampling:
    """The settings as the core takes them; a filter that is off is None."""

    def cut(name: Literal["top_k", "top_p", "min_p"]) -> float | None:
        return None if settings[name] == RANGES[name].off else settings[name]

    k = cut("top_k")
    return Sampling(
        settings["temperature"], None if k is None else int(k), cut("top_p"), cut("min_p")
    )
