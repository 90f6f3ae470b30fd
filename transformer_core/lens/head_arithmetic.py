"""What each head of a layer adds to the residual stream, and what a layer of heads costs."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from transformer_core.attention import Attention, AttentionTrace
from transformer_core.config import TransformerConfig


def written_by_heads(attention: Attention, trace: AttentionTrace) -> Tensor:
    """mixed_values W_O, head by head, with the rows of W_O that read that head.

    Shape [batch, position, head, d_model]. Joining and projecting is adding: over the heads it sums
    to the layer's output less the bias (Elhage et al. 2021, "A Mathematical Framework for
    Transformer Circuits").
    """
    rows = attention.out_proj.weight.unflatten(0, (-1, attention.d_head))
    return (trace.mixed_values[..., None, :] @ rows[:, None]).squeeze(-2).transpose(1, 2)


@dataclass(frozen=True)
class LayerCost:
    """Numbers that one attention layer multiplies or keeps.

    q_weights: in W_Q; per_pair: multiplications of one query with one key, all heads together;
    cached: numbers kept per token, keys and values.
    """

    q_weights: int
    per_pair: int
    cached: int


def layer_cost(config: TransformerConfig) -> LayerCost:
    """n_heads * d_head = d_model, so that the number of heads cancels out but in the cache."""
    width = config.n_heads * config.d_head
    return LayerCost(config.d_model * width, width, 2 * config.n_kv_heads * config.d_head)
