"""The model's pass under a mask, and which heads read in it what they are to predict."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TypedDict

import torch
from torch import Tensor

from pages.n1_forward_pass.mask.mask_choice import Choice, is_picture_only
from transformer_core.lens.ablation import run_without_heads
from transformer_core.lens.mask_effects import attention_to_answers
from transformer_core.lens.prediction import token_losses
from transformer_core.masks import causal_mask
from transformer_core.transformer import TransformerTrace
from ui.head_roles import head_name, head_roles
from ui.models import HEAVY_PASSES, load, trace

READING = 0.2  # a head that gives the answer this share of attention is said to read it


@dataclass(frozen=True)
class Outcome:
    """What one pass under one mask came to, kept small: a trace of 64 tokens takes 10 MB."""

    mask: Tensor  # [query, key]
    weights: Tensor  # [layer, head, query, key], 16-bit
    logits: Tensor  # [position, vocab]
    losses: Tensor  # [position - 1]
    to_answers: Tensor  # [layer, head]


class AnswerReader(TypedDict):
    """The head that looks most at the next token, the answer, and how many do so.

    `share`: of its attention; `heads`: those that read the answer, from "1.1"; `without`: the loss
    once these are cut off.
    """

    layer: int
    head: int
    share: float
    role: str | None
    heads: list[str]
    without: float


@lru_cache(maxsize=6)  # of 50,000 logits, 64 tokens take 13 MB
def run(name: str, token_ids: tuple[int, ...], choice: Choice | None) -> Outcome:
    """The pass under a mask; under the one that the model was trained with where there is none."""
    mask = choice.mask(len(token_ids)) if choice else causal_mask(len(token_ids))
    ids = torch.tensor([token_ids])
    if torch.equal(mask, causal_mask(len(token_ids))):
        return _outcome(trace(name, token_ids), mask, ids)
    with HEAVY_PASSES, torch.inference_mode():
        return _outcome(load(name).model.trace(ids, mask), mask, ids)


def _outcome(traced: TransformerTrace, mask: Tensor, ids: Tensor) -> Outcome:
    weights = torch.stack([block.attention.weights[0] for block in traced.blocks]).half()
    losses = token_losses(traced.logits[0], ids[0])
    return Outcome(mask, weights, traced.logits[0], losses, attention_to_answers(traced, mask))


def both_passes(name: str, token_ids: tuple[int, ...], choice: Choice) -> tuple[Outcome, Outcome]:
    """As trained, and under the mask; where nothing is run under it, as trained again."""
    trained = run(name, token_ids, None)
    return trained, trained if is_picture_only(choice) else run(name, token_ids, choice)


def best_reader(name: str, token_ids: tuple[int, ...], choice: Choice) -> AnswerReader | None:
    """The head that looks most at the next token; None where nobody may."""
    outcome = run(name, token_ids, choice)
    if outcome.losses.numel() == 0 or not outcome.mask.diagonal(1).any():
        return None
    layer, head = divmod(int(outcome.to_answers.argmax()), outcome.to_answers.shape[1])
    roles = head_roles(name)
    reading = outcome.to_answers >= READING
    return {
        "layer": layer,
        "head": head,
        "share": float(outcome.to_answers.max()),
        "role": roles[layer][head] if roles else None,
        "heads": [head_name(*head) for head in reading.nonzero().tolist()],
        "without": loss_without(name, token_ids, choice) if reading.any() else 0.0,
    }


@lru_cache(maxsize=32)
def loss_without(name: str, token_ids: tuple[int, ...], choice: Choice) -> float:
    """The mean loss under a mask once the heads that read the answers are cut off."""
    reading = run(name, token_ids, choice).to_answers >= READING
    heads = [(layer, head) for layer, head in reading.nonzero().tolist()]
    model, ids, mask = load(name).model, torch.tensor([token_ids]), choice.mask(len(token_ids))
    with HEAVY_PASSES, torch.inference_mode():
        logits = run_without_heads(model, model.embed(ids), heads, mask)[1]
        return float(token_losses(logits[0], ids[0]).mean())
