"""Held-out loss: how well a model predicts text that it has not seen."""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from pathlib import Path

import torch
import torch.nn.functional as F

from transformer_core.training.corpus import held_out
from transformer_core.transformer import Transformer


@dataclass(frozen=True)
class HeldOutLoss:
    """Loss on one source: nats per token, bits per byte of text, and how many tokens it is of."""

    nats_per_token: float
    bits_per_byte: float
    tokens: int


@torch.inference_mode()
def held_out_loss(
    model: Transformer, tokens_folder: Path, source: str, max_tokens: int = 65_536
) -> HeldOutLoss:
    """Mean cross-entropy over windows of the context length that do not overlap.

    Args:
        model: in float32, on any device.
        tokens_folder: what `training.corpus` prepared.
        source: a name in its index.
        max_tokens: at most the first so many tokens.
    """
    part = held_out(tokens_folder, source)
    length = model.config.context_length
    ids = torch.from_numpy(part.tokens[: max_tokens + 1].astype("int64"))
    total, count = 0.0, 0
    device = model.embedding.device
    for start in range(0, len(ids) - 1, length):
        window = ids[start : start + length + 1].to(device)
        logits = model(window[None, :-1])[0]
        total += F.cross_entropy(logits, window[1:], reduction="sum").item()
        count += len(window) - 1
    nats = total / count
    tokens_per_byte = len(part.tokens) / part.n_bytes
    return HeldOutLoss(nats, nats / log(2) * tokens_per_byte, count)
