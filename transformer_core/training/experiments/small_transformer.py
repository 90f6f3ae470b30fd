"""The small Transformer that experiments train in many variants."""

from __future__ import annotations

import torch
from torch import nn

from transformer_core.config import TransformerConfig
from transformer_core.training.experiments.text import N_VOCAB
from transformer_core.transformer import Transformer


def small_config(
    d_model: int, n_layers: int, n_heads: int, context_length: int
) -> TransformerConfig:
    """RoPE, RMSNorm, no biases, tied embeddings, d_ff = 4 d_model."""
    return TransformerConfig(
        vocab_size=N_VOCAB,
        context_length=context_length,
        d_model=d_model,
        n_layers=n_layers,
        n_heads=n_heads,
        n_kv_heads=n_heads,
        d_ff=4 * d_model,
        position="rope",
        norm="rms_norm",
        bias=False,
    )


def with_unit_tokens(model: Transformer, seed: int) -> Transformer:
    """The same model, its tokens at length 1 on average instead of 0.02 sqrt(d_model).

    At these widths, small training at the usual start is slow to tell tokens apart.
    """
    random = torch.Generator().manual_seed(seed)
    nn.init.normal_(model.embedding, std=model.config.d_model**-0.5, generator=random)
    return model
