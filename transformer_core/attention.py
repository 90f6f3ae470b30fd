"""Attention: each token reads from the tokens that it may look at."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from transformer_core.config import TransformerConfig
from transformer_core.kv_cache import LayerCache
from transformer_core.linear import Linear
from transformer_core.masks import causal_mask, full_mask
from transformer_core.positions import NoPosition


@dataclass(frozen=True)
class AttentionTrace:
    """Every step of one attention layer.

    q [batch, head, query, d_head]; k, v [batch, kv head, key, d_head], not repeated for groups;
    bias [head, query, key], what the position adds to the scores, if anything; mask [query, key] or
    wider, True where a query may look; weights after mask and softmax [batch, head, query, key];
    mixed_values = weights v [batch, head, query, d_head]; output [batch, query, d_model].
    """

    q: Tensor
    k: Tensor
    v: Tensor
    bias: Tensor | None
    mask: Tensor
    weights: Tensor
    mixed_values: Tensor
    output: Tensor

    @property
    def scores(self) -> Tensor:
        """q k^T / sqrt(d_head) plus bias, before the mask, [batch, head, query, key].

        Made again from q and k when asked for: kept, they would be as large as the weights.
        """
        return attention_scores(self.q, self.k, self.bias)


class Attention(nn.Module):
    """softmax(Q K^T / sqrt(d_head) + M) V per head, joined by W_O (arXiv 1706.03762, eq. 1).

    Args:
        config: shapes; `n_kv_heads` < `n_heads` shares keys and values among queries
            (arXiv 1911.02150, 2305.13245).
        position: the scheme whose `rotate` and `bias` act here.
        causal: what holds where no mask is given: no look ahead (True) or all may look (False).
    """

    def __init__(
        self, config: TransformerConfig, position: NoPosition, causal: bool = True
    ) -> None:
        super().__init__()
        d_q, d_kv = config.n_heads * config.d_head, config.n_kv_heads * config.d_head
        bias = config.attention_bias
        self.d_head = config.d_head
        self.n_groups = config.n_heads // config.n_kv_heads
        self.causal = causal
        self.q_proj = Linear(config.d_model, d_q, bias)
        self.k_proj = Linear(config.d_model, d_kv, bias)
        self.v_proj = Linear(config.d_model, d_kv, bias)
        self.out_proj = Linear(d_q, config.d_model, bias)
        object.__setattr__(self, "position", position)  # shared by all layers, owned by the model

    position: NoPosition

    def forward(
        self,
        x: Tensor,
        mask: Tensor | None = None,
        context: Tensor | None = None,
        cache: LayerCache | None = None,
    ) -> Tensor:
        """Attend without keeping the steps.

        Args:
            x: [batch, query, d_model], who asks.
            mask: boolean, broadcast to [batch, head, query, key], True = may look. It replaces the
                layer's own pattern. A query that may look nowhere receives zeros.
            context: [batch, key, d_model], who answers; x itself where None.
            cache: keys and values of earlier positions; x holds only the new ones.

        Returns:
            [batch, query, d_model]
        """
        q, k, v = self.project(x, context, cache)
        k, v = repeat_heads(k, self.n_groups), repeat_heads(v, self.n_groups)
        bias = self.position.bias(q.shape[2], k.shape[2])
        is_causal = self.causal and mask is None and context is None and q.shape[2] > 1
        if is_causal and (bias is not None or q.shape[2] != k.shape[2]):
            mask = causal_mask(q.shape[2], k.shape[2]).to(x.device)
        added = additive_mask(mask, bias, q.dtype)
        mixed = F.scaled_dot_product_attention(
            q, k, v, attn_mask=added, is_causal=is_causal and added is None
        )
        if mask is not None:
            mixed = mixed.masked_fill(~mask.any(-1, keepdim=True), 0)
        return self.out_proj(join_heads(mixed))

    def trace(
        self,
        x: Tensor,
        mask: Tensor | None = None,
        context: Tensor | None = None,
        cache: LayerCache | None = None,
    ) -> AttentionTrace:
        """The same, every step kept."""
        q, k, v = self.project(x, context, cache)
        bias = self.position.bias(q.shape[2], k.shape[2])
        if mask is None:
            causal = self.causal and context is None
            mask = causal_mask(q.shape[2], k.shape[2]) if causal else full_mask(1)
        weights = masked_softmax(attention_scores(q, k, bias), mask.to(x.device))
        mixed_values = weights @ repeat_heads(v, self.n_groups)
        output = self.out_proj(join_heads(mixed_values))
        return AttentionTrace(q, k, v, bias, mask, weights, mixed_values, output)

    def project(
        self, x: Tensor, context: Tensor | None = None, cache: LayerCache | None = None
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Queries of x; keys and values of the context, after those in the cache."""
        start = cache.length if cache else 0
        source = x if context is None else context
        q = self.position.rotate(split_heads(self.q_proj(x), self.d_head), start)
        k = self.position.rotate(split_heads(self.k_proj(source), self.d_head), start)
        v = split_heads(self.v_proj(source), self.d_head)
        return (q, *cache.extend(k, v)) if cache else (q, k, v)


def split_heads(x: Tensor, d_head: int) -> Tensor:
    """[batch, position, head * d_head] to [batch, head, position, d_head]."""
    return x.view(*x.shape[:2], x.shape[2] // d_head, d_head).transpose(1, 2)


def join_heads(heads: Tensor) -> Tensor:
    """[batch, head, position, d_head] to [batch, position, head * d_head]."""
    return heads.transpose(1, 2).flatten(2)


def repeat_heads(heads: Tensor, n_groups: int) -> Tensor:
    """Hand each key or value head, [batch, kv head, key, d_head], to the queries of its group."""
    return heads if n_groups == 1 else heads.repeat_interleave(n_groups, dim=1)


def attention_scores(q: Tensor, k: Tensor, bias: Tensor | None = None) -> Tensor:
    """q k^T / sqrt(d_head) plus the position's bias, [batch, head, query, key]."""
    scores = (q / sqrt(q.shape[3])) @ repeat_heads(k, q.shape[1] // k.shape[1]).mT
    return scores if bias is None else scores + bias


def masked_softmax(scores: Tensor, mask: Tensor) -> Tensor:
    """Shares over the keys that may be seen; a row that sees no score above -inf gives zeros.

    Shapes: scores [batch, head, query, key], mask broadcast to it; the result adds up to 1 per row.
    """
    hidden = torch.where(mask, 0.0, -torch.inf).to(scores.dtype)
    weights = (scores + hidden).softmax(dim=-1)
    undefined = weights.sum().isnan()  # as a row is that holds no finite score, or NaN
    return exact_softmax(scores, mask) if undefined else weights


def exact_softmax(scores: Tensor, mask: Tensor) -> Tensor:
    """The same where scores are not finite or rows see nothing: whatever is hidden has no say."""
    scores = scores.masked_fill(~mask, -torch.inf)
    nothing = (scores == -torch.inf).all(dim=-1, keepdim=True)
    return scores.masked_fill(nothing, 0).softmax(dim=-1).masked_fill(nothing, 0)


def additive_mask(mask: Tensor | None, bias: Tensor | None, dtype: torch.dtype) -> Tensor | None:
    """Mask and bias as one tensor that is added to the scores; None where there is neither."""
    if mask is None or bias is None:
        return mask if bias is None else bias.to(dtype)
    return bias.to(dtype).masked_fill(~mask, -torch.inf)
