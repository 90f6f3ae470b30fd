"""Decoding: one new token through the model, as fast as Python allows.

A small model spends more time on finding its layers and weights than on arithmetic. Here they are
found once, before the first token; what remains are the formulas of `Transformer.forward`, for one
sequence and one position. A test holds the two equal for every variant.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from transformer_core.attention import Attention
from transformer_core.block import PostNormBlock, PreNormBlock
from transformer_core.fast.matrix import numbers_of
from transformer_core.fast.quantization import QuantizedLinear
from transformer_core.feed_forward import FeedForward, GatedFeedForward
from transformer_core.kv_cache import KVCache, LayerCache
from transformer_core.linear import Linear
from transformer_core.norms import LayerNorm, RMSNorm
from transformer_core.positions import RotaryPosition
from transformer_core.transformer import Transformer

Step = Callable[[Tensor], Tensor]


class Decoder:
    """A model that remembers: new tokens in, scores for the next one out, the past in a KV cache.

    Args:
        model: read only; its weights are those of the moment when the decoder is made.
        capacity: how many tokens the cache has room for, in all.
    """

    def __init__(self, model: Transformer, capacity: int) -> None:
        self.model = model
        self.cache = KVCache(model.config, capacity, like=model.embedding)
        self.step = bind(model, self.cache)

    @torch.inference_mode()
    def next_logits(self, token_ids: Sequence[int]) -> Tensor:
        """Scores for the token after the given ones, [vocab], computed from the given ones only."""
        if len(token_ids) == 1:
            return self.step(token_ids[0]).float().cpu()
        ids = torch.tensor([token_ids], device=self.model.embedding.device)
        return self.model(ids, cache=self.cache, last_only=True)[0, 0].float().cpu()


def bind(model: Transformer, cache: KVCache) -> Callable[[int], Tensor]:
    """The model as a function of one token id to the logits of the next, [vocab].

    Each call extends the cache. The weights are those of now: bind again after a change.
    """
    rows, place = numbers_of(model.embedding), model.position.embed
    blocks = [bind_block(*pair) for pair in zip(model.blocks, cache.layers, strict=True)]
    untied = model.unembedding
    unembed = affine(rows.mT, None) if untied is None else bind_linear(untied)
    final_norm = bind_norm(model.final_norm)

    def step(token_id: int) -> Tensor:
        x = place(rows[token_id].view(1, -1), cache.length)
        for block in blocks:
            x = block(x)
        return unembed(final_norm(x))[0]

    return step


def bind_block(block: PreNormBlock, cache: LayerCache) -> Step:
    """x [1, d_model] to the same, with the block's two sublayers around the residual stream."""
    attention_norm, feed_forward_norm = map(
        bind_norm, (block.attention_norm, block.feed_forward_norm)
    )
    attention = bind_attention(block.attention, cache)
    feed_forward = bind_feed_forward(block.feed_forward)

    def pre_norm(x: Tensor) -> Tensor:
        x = attention(attention_norm(x)).add_(x)
        return feed_forward(feed_forward_norm(x)).add_(x)

    def post_norm(x: Tensor) -> Tensor:
        x = attention_norm(attention(x).add_(x))
        return feed_forward_norm(feed_forward(x).add_(x))

    return post_norm if isinstance(block, PostNormBlock) else pre_norm


def bind_attention(attention: Attention, cache: LayerCache) -> Step:
    """The new token's query against all keys so far."""
    project = bind_projections(attention)
    out_proj = bind_linear(attention.out_proj)
    position, is_grouped = attention.position, attention.n_groups > 1
    rotates = isinstance(position, RotaryPosition)
    n_kv = cache.k.shape[1]
    q_and_kv = (n_kv * attention.n_groups, 2 * n_kv)
    qk_and_v = (n_kv * attention.n_groups + n_kv, n_kv)

    def attend(x: Tensor) -> Tensor:
        heads = project(x)
        if rotates:
            qk, v = heads.split_with_sizes(qk_and_v, dim=1)
            heads = torch.cat((position.rotate(qk, cache.length), v), dim=1)
        q, kv = heads.split_with_sizes(q_and_kv, dim=1)
        k, v = cache.append(kv)
        bias = position.bias(1, cache.length)
        mixed = F.scaled_dot_product_attention(q, k, v, attn_mask=bias, enable_gqa=is_grouped)
        return out_proj(mixed.view(1, -1))

    return attend


def bind_feed_forward(feed_forward: FeedForward) -> Step:
    """Plain or gated."""
    activation, up_proj = feed_forward.activation, bind_linear(feed_forward.up_proj)
    down_proj = bind_linear(feed_forward.down_proj)
    if not isinstance(feed_forward, GatedFeedForward):
        return lambda x: down_proj(activation(up_proj(x)))
    maps: tuple[Any, ...] = (feed_forward.gate_proj, feed_forward.up_proj)
    joined = joined_in_memory([getattr(each, "weight", None) for each in maps])
    if joined is None:
        gate_proj = bind_linear(feed_forward.gate_proj)
        return lambda x: down_proj(activation(gate_proj(x)) * up_proj(x))
    biases = [each.bias for each in maps if each.bias is not None]
    both = affine(joined, torch.cat(biases) if biases else None)

    def gated(x: Tensor) -> Tensor:
        gate, up = both(x).chunk(2, dim=1)
        return down_proj(activation(gate).mul_(up))

    return gated


def bind_linear(linear: nn.Module) -> Step:
    """x W + b; a layer of another kind, such as one with 8-bit weights, is called as it is."""
    if not isinstance(linear, Linear):
        return linear.forward
    return affine(numbers_of(linear.weight), linear.bias)


def bind_projections(attention: Attention) -> Step:
    """x [1, d_model] to the heads of query, key and value in this order, [1, head, 1, d_head].

    By one matrix, which is read in longer stretches than three.
    """
    project, heads = bind_joined(attention), (1, -1, 1, attention.d_head)
    return lambda x: project(x).view(heads)


def bind_joined(attention: Attention) -> Step:
    """x [1, d_model] to query, key and value side by side."""
    maps: tuple[Any, ...] = (attention.q_proj, attention.k_proj, attention.v_proj)
    if isinstance(maps[0], QuantizedLinear):
        return maps[0].joined.forward
    biases = [each.bias for each in maps if each.bias is not None]
    weight = side_by_side([each.weight for each in maps])
    return affine(weight, torch.cat(biases) if biases else None)


def side_by_side(weights: Sequence[Tensor]) -> Tensor:
    """[d_in, sum of d_out]: a copy, unless they were prepared to lie in one piece of memory."""
    whole = joined_in_memory(weights)
    return torch.cat([numbers_of(each) for each in weights], dim=1) if whole is None else whole


def joined_in_memory(weights: Sequence[Any]) -> Tensor | None:
    """The one piece of memory in which weights were prepared to lie side by side, if they were."""
    whole, *others = (getattr(each, "joined", None) for each in weights)
    return whole if all(other is whole for other in others) else None


def affine(weight: Tensor, bias: Tensor | None) -> Step:
    """x W + b as a function of x."""
    if bias is None:
        return lambda x: torch.mm(x, weight)
    return lambda x: torch.addmm(bias, x, weight)


def bind_norm(norm: LayerNorm | RMSNorm | nn.Identity) -> Step:
    """The norm with its gain and bias at hand; where there is none, x as it is."""
    if isinstance(norm, nn.Identity):
        return lambda x: x
    shape, gain, eps = norm.gain.shape, norm.gain, norm.eps
    if isinstance(norm, RMSNorm):
        return lambda x: torch.rms_norm(x, shape, gain, eps)
    bias = norm.bias
    return lambda x: torch.native_layer_norm(x, shape, gain, bias, eps)[0]
