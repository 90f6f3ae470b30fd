"""RoPE beyond the trained length without any training: four ways to place the new positions.

All of them change only how fast each pair of coordinates turns, and YaRN also the scores' size.
"""

from __future__ import annotations

from dataclasses import replace
from math import ceil, floor, log, pi

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from transformer_core.config import TransformerConfig
from transformer_core.lens.word_order import share_weights
from transformer_core.positions import RotaryPosition, rotary_frequencies, rotary_tables
from transformer_core.transformer import Transformer


def interpolated_frequencies(config: TransformerConfig, factor: float) -> Tensor:
    """Position p turns as p / factor did: all angles were seen (arXiv 2306.15595, eq. 4)."""
    return rotary_frequencies(config) / factor


def larger_base_frequencies(config: TransformerConfig, factor: float) -> Tensor:
    """NTK-aware: base * factor^(d/(d-2)) slows the slow pairs most (arXiv 2309.00071, 3.1)."""
    d, constants = config.d_head, config.constants
    larger = replace(constants, rope_base=constants.rope_base * factor ** (d / (d - 2)))
    return rotary_frequencies(replace(config, constants=larger))


def yarn_frequencies(config: TransformerConfig, factor: float) -> Tensor:
    """Interpolates slow pairs and leaves fast ones (arXiv 2309.00071, 3.2).

    Slow turns at most once within the trained length, fast at least 32 times, as published for
    Llama; with fewer than 2 pi 32 = 201 trained positions no pair is that fast, and only the first
    one is left as it is. In between the share is linear in the pair's number, as in the authors'
    code (the paper's eq. 18 is linear in the number of turns).
    """
    d = config.d_head
    left = max(floor(_pair_that_turns(config, 32)), 0)
    slowed = min(ceil(_pair_that_turns(config, 1)), d - 1)
    share = ((torch.arange(d // 2) - left) / max(slowed - left, 1e-3)).clamp(0, 1)
    frequencies = rotary_frequencies(config)
    return frequencies * (1 - share) + frequencies / factor * share


def _pair_that_turns(config: TransformerConfig, turns: float) -> float:
    """The i whose base^(-2i/d) makes so many whole turns within the trained length; a fraction."""
    return config.d_head * log(config.context_length / (2 * pi * turns)) / 2 / log(config.rope_base)


def plain(model: Transformer, factor: int) -> Transformer:
    """The same angles, `factor` times as many positions: most of them never seen in training."""
    return _stretched(model, factor, rotary_frequencies(model.config))


def interpolated(model: Transformer, factor: int) -> Transformer:
    """All pairs turn `factor` times more slowly."""
    return _stretched(model, factor, interpolated_frequencies(model.config, factor))


def larger_base(model: Transformer, factor: int) -> Transformer:
    """The slow pairs turn more slowly, the fast ones hardly."""
    return _stretched(model, factor, larger_base_frequencies(model.config, factor))


def yarn(model: Transformer, factor: int) -> Transformer:
    """YaRN's frequencies; queries and keys grow by 0.1 ln(factor) + 1, so scores by its square.

    It sharpens the attention weights (arXiv 2309.00071, 3.4, eq. 22).
    """
    return _stretched(model, factor, yarn_frequencies(model.config, factor), 0.1 * log(factor) + 1)


STRETCHES = {
    "plain": plain,
    "interpolated": interpolated,
    "larger_base": larger_base,
    "yarn": yarn,
}
FREQUENCIES = {
    "plain": lambda config, factor: rotary_frequencies(config),
    "interpolated": interpolated_frequencies,
    "larger_base": larger_base_frequencies,
    "yarn": yarn_frequencies,
}


def _stretched(
    model: Transformer, factor: int, frequencies: Tensor, size: float = 1.0
) -> Transformer:
    """The same weights with other angles; turning also multiplies queries and keys by `size`."""
    length = model.config.context_length * factor
    twin = share_weights(model, replace(model.config, context_length=length))
    assert isinstance(twin.position, RotaryPosition)
    twin.position.frequencies = frequencies
    cos, sin = rotary_tables(0, length, frequencies)
    twin.position.cos, twin.position.sin = size * cos, size * sin
    return twin


@torch.inference_mode()
def loss_by_position(model: nn.Module, windows: Tensor) -> Tensor:
    """Mean loss in nats of the token after each position; windows [window, position + 1]."""
    total = torch.zeros(windows.shape[1] - 1)
    for some in windows.split(8):
        logits = model(some[:, :-1])
        total += F.cross_entropy(logits.mT, some[:, 1:], reduction="none").sum(0)
    return total / len(windows)


@torch.inference_mode()
def loss_of_long_text(model: Transformer, token_ids: Tensor, at_a_time: int = 512) -> Tensor:
    """Loss in nats of the token after each position; token_ids [position + 1] to [position].

    All logits of a long text would fill the memory (11,264 x 49,152 numbers are 2.2 GB), so they
    are made and read for `at_a_time` positions at a time.
    """
    x = model.embed(token_ids[None, :-1])
    for block in model.blocks:
        x = block(x)
    some = zip(x[0].split(at_a_time), token_ids[1:].split(at_a_time), strict=True)
    losses = [
        F.cross_entropy(model.unembed(model.final_norm(rows)), right, reduction="none")
        for rows, right in some
    ]
    return torch.cat(losses)
