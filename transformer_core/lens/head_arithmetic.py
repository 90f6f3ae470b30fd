"""What each head of a layer adds to the residual stream, and what a layer of heads costs."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from transformer_core.attention import Attention, AttentionTrace
from transformer_core.config import TransformerConfig
from transformer_core.lens.residual_stream import output_rows, read_by
from transformer_core.transformer import Transformer, TransformerTrace


def written_by_heads(attention: Attention, trace: AttentionTrace) -> Tensor:
    """mixed_values W_O, head by head, with the rows of W_O that read that head.

    Shape [batch, position, head, d_model]. Joining and projecting is adding: over the heads it sums
    to the layer's output less the bias (Elhage et al. 2021, "A Mathematical Framework for
    Transformer Circuits").
    """
    rows = attention.out_proj.weight.unflatten(0, (-1, attention.d_head))
    return (trace.mixed_values[..., None, :] @ rows[:, None]).squeeze(-2).transpose(1, 2)


def direct_effects(model: Transformer, trace: TransformerTrace) -> Tensor:
    """What each head adds by itself to the lead of the first guess over the second, [layer, head].

    mixed_values W_O, divided by the final norm's spread in this run, times its gain and the
    difference of the two tokens' vectors, for the last token. What other layers make of a head's
    output is left out. A model without a final norm is read as it is.
    """
    first, second = trace.logits[0, -1].topk(2).indices
    rows = output_rows(model)
    lead = read_by(model, rows[first] - rows[second], trace.blocks[-1].resid_post[0, -1])
    return torch.stack(
        [
            (block.attention.mixed_values[0, :, -1] * _by_head(layer.attention, lead)).sum(-1)
            for layer, block in zip(model.blocks, trace.blocks, strict=True)
        ]
    )


def _by_head(attention: Attention, direction: Tensor) -> Tensor:
    """W_O times a direction of the stream, by head: [head, d_head]."""
    return (attention.out_proj.weight @ direction).unflatten(0, (-1, attention.d_head))


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
    """Where heads share the width of the model, their number matters in the cache alone."""
    width = config.n_heads * config.d_head
    return LayerCost(config.d_model * width, width, 2 * config.n_kv_heads * config.d_head)
