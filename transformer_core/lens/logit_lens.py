"""The logit lens: what the model would predict if it stopped after a layer."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from transformer_core.generation import likeliest
from transformer_core.transformer import Transformer, TransformerTrace


@dataclass(frozen=True)
class LayerGuess:
    """The likeliest next token after each layer and its probability, both [layer, position]."""

    token_ids: Tensor
    probabilities: Tensor


def logit_lens(model: Transformer, trace: TransformerTrace) -> LayerGuess:
    """Final norm and unembedding applied to the residual stream after every block.

    Exact after the last block; before it a reading, since no layer but the last was trained to be
    read so (nostalgebraist 2020, "interpreting GPT: the logit lens"). Takes the first sequence of
    the batch.
    """
    stream = torch.cat([block.resid_post[:1] for block in trace.blocks])[:-1]
    early = model.unembed(model.final_norm(stream))
    guesses = [_guess(logits) for logits in (early, trace.logits[:1])]
    return LayerGuess(*map(torch.cat, zip(*guesses, strict=True)))


def _guess(logits: Tensor) -> tuple[Tensor, Tensor]:
    """The likeliest of [..., vocab] and its probability, both [...]."""
    best = likeliest(logits)
    return best, logits.softmax(dim=-1).gather(-1, best[..., None])[..., 0]
