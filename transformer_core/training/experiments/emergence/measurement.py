"""Held-out loss, the strongest head of each role, loss on a copy, and what the model writes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import torch

from transformer_core.checkpoints import load_checkpoint
from transformer_core.lens.head_roles import ON_REPEATED, repeated_sequences, score_heads
from transformer_core.lens.longer_context import loss_by_position
from transformer_core.shipped_vocabulary import load_shipped
from transformer_core.training.evaluation import held_out_loss
from transformer_core.training.experiments.emergence.setting import Look, Setting
from transformer_core.training.experiments.experiment import Place
from transformer_core.training.measurements import PROMPT, continuation
from transformer_core.transformer import Transformer

SOURCES = ("tinystories", "childrens_books")
HEADS = {"previous_token": "previous token", "induction": "induction"}
PERIOD = 64  # random tokens before they come again


@dataclass(frozen=True)
class Measurement:
    """Loss by source, weight on each role's target, loss on random tokens at both comings."""

    loss: dict[str, float]
    heads: dict[str, float]
    first_time: float
    second_time: float
    text: str


def measure(setting: Setting, place: Place) -> Measurement:
    """Of one snapshot."""
    return look(load_checkpoint(place.models / setting.model / setting.folder), setting, place)


def look(model: Transformer, setting: Look, place: Place) -> Measurement:
    """Of any model on its way."""
    random = repeated(setting.sequences)
    scores = score_heads(model, load_shipped(), random, ON_REPEATED)
    by_position = loss_by_position(model, random)
    losses = {
        source: held_out_loss(model, place.tokens, source, setting.held_out_tokens)
        for source in SOURCES
    }
    return Measurement(
        loss={source: round(loss.nats_per_token, 4) for source, loss in losses.items()},
        heads={role: round(float(scores[role].max()), 4) for role in HEADS},
        first_time=round(float(by_position[: PERIOD - 1].mean()), 4),
        second_time=round(float(by_position[PERIOD - 1 :].mean()), 4),
        text=continuation(model, PROMPT, 0.0, setting.seeds[0], setting.written),
    )


@cache
def repeated(n_sequences: int) -> torch.Tensor:
    """Random ordinary tokens, none twice, and then all of them again."""
    return repeated_sequences(load_shipped().n_vocab - 1, PERIOD, n_sequences)
