"""The token that a reader clicks, or has drawn, after the text."""

from __future__ import annotations

from time import time_ns
from typing import Any

import torch
from torch import Tensor

from transformer_core.generation import Sampling, draw, filter_steps

RANGES = {"temperature": (0.0, 2.0), "top_p": (0.05, 1.0)}


def next_token(logits: Tensor, choice: dict[str, Any]) -> int:
    """Odd numbers from the browser are clamped; an id that does not exist falls back to a draw.

    Args:
        logits: of the last position, [vocab_size].
        choice: a `token`, or the `temperature` and `top_p` to draw by.
    """
    wanted = choice.get("token")
    if isinstance(wanted, int) and 0 <= wanted < logits.shape[-1]:
        return wanted
    chosen = {name: within_range(name, choice.get(name)) for name in RANGES}
    sampling = Sampling(temperature=round(chosen["temperature"], 3), top_p=chosen["top_p"])
    chances = filter_steps(logits, sampling)[-1].probabilities
    return draw(chances, torch.Generator().manual_seed(time_ns()))


def within_range(name: str, value: Any) -> float:
    """A setting of the draw, from the picture or the address; 1 changes nothing."""
    low, high = RANGES[name]
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return 1.0
    return min(max(number, low), high) if number == number else 1.0
