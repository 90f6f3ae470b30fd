"""The logit lens: what the model would predict if it stopped after a layer."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from transformer_core.generation import likeliest
from transformer_core.transformer import Transformer, TransformerTrace


@dataclass(frozen=True)
class LayerGuess:
    """The likeliest next tokens and their probabilities, for example both [layer, position]."""

    token_ids: Tensor
    probabilities: Tensor


def logit_lens(model: Transformer, trace: TransformerTrace) -> LayerGuess:
    """The guesses after every block, of the batch's first sequence.

    Those of the last block are the model's own prediction.
    """
    stream = torch.cat([block.resid_post[:1] for block in trace.blocks])[:-1]
    own = LayerGuess(*_guess(trace.logits[:1]))
    early = layer_guesses(model, stream)
    return LayerGuess(
        torch.cat((early.token_ids, own.token_ids)),
        torch.cat((early.probabilities, own.probabilities)),
    )


def layer_guesses(model: Transformer, stream: Tensor) -> LayerGuess:
    """Final norm and unembedding applied to what blocks have left in the residual stream.

    Exact after the last block; before it a reading, since no layer but the last was trained to be
    read so (nostalgebraist 2020, "interpreting GPT: the logit lens").

    Args:
        model: the model.
        stream: [..., d_model]; the guesses have the shape [...].
    """
    return LayerGuess(*_guess(model.unembed(model.final_norm(stream))))


def _guess(logits: Tensor) -> tuple[Tensor, Tensor]:
    """The likeliest of [..., vocab] and its probability, both [...]."""
    best = likeliest(logits)
    return best, logits.softmax(dim=-1).gather(-1, best[..., None])[..., 0]
