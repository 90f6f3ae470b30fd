"""RoPE beyond the trained length: as it is, interpolated, with a larger base."""

from __future__ import annotations

from dataclasses import replace

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from transformer_core.lens.word_order import share_weights
from transformer_core.positions import RotaryPosition, rotary_tables
from transformer_core.transformer import Transformer


def plain(model: Transformer, factor: int) -> Transformer:
    """The same angles, `factor` times as many positions: most of them never seen in training."""
    return _stretched(model, factor, model.config.rope_base, 1.0)


def interpolated(model: Transformer, factor: int) -> Transformer:
    """Position p turns as p / factor did: all angles were seen (arXiv 2306.15595, eq. 4)."""
    return _stretched(model, factor, model.config.rope_base, factor)


def larger_base(model: Transformer, factor: int) -> Transformer:
    """NTK-aware: base * factor^(d/(d-2)) slows the slow pairs most (arXiv 2309.00071, 3.1)."""
    d = model.config.d_head
    return _stretched(model, factor, model.config.rope_base * factor ** (d / (d - 2)), 1.0)


STRETCHES = {"plain": plain, "interpolated": interpolated, "larger_base": larger_base}


def _stretched(model: Transformer, factor: int, base: float, divisor: float) -> Transformer:
    """The same weights with other tables of sines and cosines."""
    length = model.config.context_length * factor
    twin = share_weights(model, replace(model.config, context_length=length))
    assert isinstance(twin.position, RotaryPosition)
    turn = rotary_tables(0, length, model.config.d_head, base)
    cos, sin = turn if divisor == 1 else _fractions(length, model.config.d_head, base, divisor)
    twin.position.cos, twin.position.sin = cos, sin
    return twin


def _fractions(length: int, d_head: int, base: float, divisor: float) -> tuple[Tensor, Tensor]:
    """`rotary_tables` for the positions 0, 1/divisor, 2/divisor, ..."""
    frequencies = base ** (-torch.arange(0, d_head, 2, dtype=torch.float32) / d_head)
    angles = torch.arange(length)[:, None] / divisor * frequencies
    cos, sin = angles.cos(), angles.sin()
    return torch.cat((cos, cos), dim=1), torch.cat((-sin, sin), dim=1)


@torch.inference_mode()
def loss_by_position(model: nn.Module, windows: Tensor) -> Tensor:
    """Mean loss in nats of the token after each position; windows [window, position + 1]."""
    total = torch.zeros(windows.shape[1] - 1)
    for some in windows.split(8):
        logits = model(some[:, :-1])
        total += F.cross_entropy(logits.mT, some[:, 1:], reduction="none").sum(0)
    return total / len(windows)
