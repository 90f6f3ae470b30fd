"""Does the order of the words matter? The same tokens in another order, with positions and without.

An order is a list of indices: the token at place i is token `order[i]` of the text as typed.
"""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor

from transformer_core.config import TransformerConfig
from transformer_core.masks import full_mask
from transformer_core.transformer import Transformer


def share_weights(model: Transformer, config: TransformerConfig) -> Transformer:
    """Another Transformer on the same weight tensors; what belongs to its position is left out."""
    with torch.device("meta"):
        twin = Transformer(config)
    state = model.state_dict()
    kept = {name: state[name] for name in state if not name.startswith("position.")}
    twin.load_state_dict(kept, strict=False, assign=True)
    return twin.eval().requires_grad_(False)


def without_position(model: Transformer) -> Transformer:
    """The trained weights with the positional scheme taken out: an ablation, not a design."""
    return share_weights(model, replace(model.config, position="none"))


def next_token(model: Transformer, token_ids: Tensor) -> Tensor:
    """Probabilities of the token after the last one: token_ids [position] to [vocab]."""
    return model(token_ids[None], last_only=True)[0, -1].softmax(-1)


def moved_share(before: Tensor, after: Tensor) -> float:
    """Total variation, half the sum of |p - q|: the share of probability that changes hands."""
    return float((before - after).abs().sum() / 2)


def first_attention(model: Transformer, token_ids: Tensor, causal: bool) -> Tensor:
    """What the first attention layer adds to each token, [position, d_model]."""
    block = model.blocks[0]
    x = model.embed(token_ids[None])
    read = block.attention_norm(x) if model.config.block == "pre_norm" else x
    output: Tensor = block.attention(read, None if causal else full_mask(len(token_ids)))
    return output[0]


def last_token_by_layer(model: Transformer, token_ids: Tensor, causal: bool) -> Tensor:
    """The last token's row of the stream after each layer, [layer, d_model]."""
    x, mask = model.embed(token_ids[None]), None if causal else full_mask(len(token_ids))
    rows = []
    for block in model.blocks:
        x = block(x, mask)
        rows.append(x[0, -1])
    return torch.stack(rows)


def relative_change(typed: Tensor, other: Tensor) -> Tensor:
    """|other - typed| / |typed| of each row."""
    return (other - typed).norm(dim=-1) / typed.norm(dim=-1)
