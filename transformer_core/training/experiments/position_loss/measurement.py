"""Mean loss of neighbouring positions, over windows that do not overlap."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from transformer_core.checkpoints import load_checkpoint
from transformer_core.lens.longer_context import STRETCHES, loss_by_position
from transformer_core.training.corpus import held_out
from transformer_core.training.experiments.experiment import Place
from transformer_core.training.experiments.position_loss.setting import FACTOR, SOURCE, Setting

BIN = 32  # neighbouring positions whose mean is recorded


@dataclass(frozen=True)
class Measurement:
    """Loss in nats per token, in each bin."""

    nats: tuple[float, ...]


def measure(setting: Setting, place: Place) -> Measurement:
    """Up to `FACTOR` times the trained length; a learned table ends there."""
    model = load_checkpoint(place.models / setting.model)
    longest = setting.trained_length * FACTOR
    tokens = torch.from_numpy(held_out(place.tokens, SOURCE).tokens.astype("int64"))
    windows = tokens.unfold(0, longest + 1, longest)[: setting.windows]
    if setting.line in STRETCHES:
        loss = loss_by_position(STRETCHES[setting.line](model, FACTOR), windows)
    else:
        loss = loss_by_position(model, windows[:, : setting.trained_length + 1])
    return Measurement(tuple(round(float(mean), 4) for mean in loss.view(-1, BIN).mean(-1)))
