"""Attention small enough to follow by hand: three tokens, two numbers per vector, one head."""

from __future__ import annotations

import torch
from torch import Tensor

from transformer_core.attention import Attention, AttentionTrace
from transformer_core.config import TransformerConfig
from transformer_core.positions import NoPosition

# Invented. e^(1/√2) = 2.03, so that a score of one more doubles a weight, or nearly.
TOKENS = ("Ann", "sang", "she")
X = ((1.0, 0.0), (0.0, 1.0), (1.0, -1.0))
W_Q = ((1.0, 2.0), (0.0, 1.0))
W_K = ((2.0, 0.0), (0.0, 1.0))
W_V = ((0.0, 4.0), (4.0, 0.0))
W_O = ((1.0, 0.0), (1.0, 1.0))


def worked_attention() -> tuple[Tensor, AttentionTrace]:
    """The three vectors x [1, 3, 2], and every step of the model's own attention on them."""
    config = TransformerConfig(
        vocab_size=3, context_length=3, d_model=2, n_layers=1, n_heads=1, n_kv_heads=1, d_ff=1
    )
    attention = Attention(config, NoPosition(config)).requires_grad_(False)
    maps = (attention.q_proj, attention.k_proj, attention.v_proj, attention.out_proj)
    for each, matrix in zip(maps, (W_Q, W_K, W_V, W_O), strict=True):
        each.weight.copy_(torch.tensor(matrix))
        if each.bias is not None:
            each.bias.zero_()
    x = torch.tensor([X])
    return x, attention.trace(x)
