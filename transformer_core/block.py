"""A block: attention moves information between tokens, the feed-forward network works on each."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor, nn

from transformer_core.attention import Attention, AttentionTrace
from transformer_core.config import TransformerConfig
from transformer_core.feed_forward import FeedForwardTrace, feed_forward
from transformer_core.kv_cache import LayerCache
from transformer_core.norms import NORMS
from transformer_core.positions import NoPosition


@dataclass(frozen=True)
class BlockTrace:
    """Every step of one block; all tensors [batch, position, d_model].

    attention_norm and feed_forward_norm are what the two norms return. In a pre-norm block they
    feed the sublayers; in a post-norm block they are resid_mid and resid_post themselves.
    """

    resid_pre: Tensor
    attention_norm: Tensor
    attention: AttentionTrace
    resid_mid: Tensor
    feed_forward_norm: Tensor
    feed_forward: FeedForwardTrace
    resid_post: Tensor


class PreNormBlock(nn.Module):
    """x + sublayer(norm(x)), twice (GPT-2; arXiv 2002.04745)."""

    def __init__(
        self, config: TransformerConfig, position: NoPosition, causal: bool = True
    ) -> None:
        super().__init__()
        norm = NORMS[config.norm]
        self.attention_norm = norm(config)
        self.attention = Attention(config, position, causal)
        self.feed_forward_norm = norm(config)
        self.feed_forward = feed_forward(config)

    def forward(
        self, x: Tensor, mask: Tensor | None = None, cache: LayerCache | None = None
    ) -> Tensor:
        """[batch, position, d_model] to the same; mask and cache as in `Attention.forward`."""
        x = x + self.attention(self.attention_norm(x), mask, cache=cache)
        return x + self.feed_forward(self.feed_forward_norm(x))

    def trace(
        self, x: Tensor, mask: Tensor | None = None, cache: LayerCache | None = None
    ) -> BlockTrace:
        """The same, every step kept."""
        attention_norm = self.attention_norm(x)
        attention = self.attention.trace(attention_norm, mask, cache=cache)
        resid_mid = x + attention.output
        feed_forward_norm = self.feed_forward_norm(resid_mid)
        feed_forward = self.feed_forward.trace(feed_forward_norm)
        resid_post = resid_mid + feed_forward.output
        return BlockTrace(
            x, attention_norm, attention, resid_mid, feed_forward_norm, feed_forward, resid_post
        )


class PostNormBlock(PreNormBlock):
    """norm(x + sublayer(x)), twice (arXiv 1706.03762, 3.1)."""

    def forward(
        self, x: Tensor, mask: Tensor | None = None, cache: LayerCache | None = None
    ) -> Tensor:
        """[batch, position, d_model] to the same; mask and cache as in `Attention.forward`."""
        x = self.attention_norm(x + self.attention(x, mask, cache=cache))
        return self.feed_forward_norm(x + self.feed_forward(x))

    def trace(
        self, x: Tensor, mask: Tensor | None = None, cache: LayerCache | None = None
    ) -> BlockTrace:
        """The same, every step kept."""
        attention = self.attention.trace(x, mask, cache=cache)
        resid_mid = self.attention_norm(x + attention.output)
        feed_forward = self.feed_forward.trace(resid_mid)
        resid_post = self.feed_forward_norm(resid_mid + feed_forward.output)
        return BlockTrace(x, resid_mid, attention, resid_mid, resid_post, feed_forward, resid_post)


BLOCKS: dict[str, type[PreNormBlock]] = {"pre_norm": PreNormBlock, "post_norm": PostNormBlock}
