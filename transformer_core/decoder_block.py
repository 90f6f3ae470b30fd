"""A block that also reads a second text: self-attention, cross-attention, feed-forward network."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor, nn

from transformer_core.attention import Attention, AttentionTrace
from transformer_core.config import TransformerConfig
from transformer_core.feed_forward import FeedForwardTrace, feed_forward
from transformer_core.kv_cache import LayerCache
from transformer_core.norms import NORMS
from transformer_core.positions import NoPosition

DecoderLayerCache = tuple[LayerCache, LayerCache]


@dataclass(frozen=True)
class Source:
    """What a decoder reads beside its own text.

    memory [batch, source, d_model]: what the encoder returned; mask, broadcast to
    [batch, head, query, source]: who may look where in it, None = everywhere.
    """

    memory: Tensor
    mask: Tensor | None = None

    def unread(self, cache: LayerCache | None) -> Tensor:
        """The part that has no keys and values in the cache yet: all of it, then none."""
        return self.memory if cache is None else self.memory[:, cache.length :]


@dataclass(frozen=True)
class DecoderBlockTrace:
    """Every step of one decoder block; all tensors [batch, target, d_model].

    As in `BlockTrace` the norms feed the sublayers of a pre-norm block, and in a post-norm block
    are resid_self, resid_mid and resid_post themselves: the stream after each sublayer.
    """

    resid_pre: Tensor
    attention_norm: Tensor
    attention: AttentionTrace
    resid_self: Tensor
    cross_attention_norm: Tensor
    cross_attention: AttentionTrace
    resid_mid: Tensor
    feed_forward_norm: Tensor
    feed_forward: FeedForwardTrace
    resid_post: Tensor


class PreNormDecoderBlock(nn.Module):
    """x + sublayer(norm(x)), three times."""

    def __init__(self, config: TransformerConfig, position: NoPosition) -> None:
        super().__init__()
        norm = NORMS[config.norm]
        self.attention_norm = norm(config)
        self.attention = Attention(config, position)
        self.cross_attention_norm = norm(config)
        self.cross_attention = Attention(config, NoPosition(config), causal=False)
        self.feed_forward_norm = norm(config)
        self.feed_forward = feed_forward(config)

    def forward(
        self,
        x: Tensor,
        source: Source,
        mask: Tensor | None = None,
        cache: DecoderLayerCache | None = None,
    ) -> Tensor:
        """[batch, target, d_model] to the same.

        Args:
            x: the target's stream; with a cache, of its new tokens only.
            source: what cross-attention reads.
            mask: who may look where in the target; None = causal.
            cache: keys and values of the target so far, and those of the source.
        """
        own, read = cache or (None, None)
        x = x + self.attention(self.attention_norm(x), mask, cache=own)
        query = self.cross_attention_norm(x)
        x = x + self.cross_attention(query, source.mask, source.unread(read), read)
        return x + self.feed_forward(self.feed_forward_norm(x))

    def trace(self, x: Tensor, source: Source, mask: Tensor | None = None) -> DecoderBlockTrace:
        """The same, every step kept."""
        attention_norm = self.attention_norm(x)
        attention = self.attention.trace(attention_norm, mask)
        resid_self = x + attention.output
        cross_norm = self.cross_attention_norm(resid_self)
        cross = self.cross_attention.trace(cross_norm, source.mask, source.memory)
        resid_mid = resid_self + cross.output
        ff_norm = self.feed_forward_norm(resid_mid)
        ff = self.feed_forward.trace(ff_norm)
        resid_post = resid_mid + ff.output
        return DecoderBlockTrace(
            *(x, attention_norm, attention, resid_self, cross_norm, cross),
            *(resid_mid, ff_norm, ff, resid_post),
        )


class PostNormDecoderBlock(PreNormDecoderBlock):
    """norm(x + sublayer(x)), three times (arXiv 1706.03762, 3.1)."""

    def forward(
        self,
        x: Tensor,
        source: Source,
        mask: Tensor | None = None,
        cache: DecoderLayerCache | None = None,
    ) -> Tensor:
        """[batch, target, d_model] to the same; arguments as in `PreNormDecoderBlock.forward`."""
        own, read = cache or (None, None)
        x = self.attention_norm(x + self.attention(x, mask, cache=own))
        cross = self.cross_attention(x, source.mask, source.unread(read), read)
        x = self.cross_attention_norm(x + cross)
        return self.feed_forward_norm(x + self.feed_forward(x))

    def trace(self, x: Tensor, source: Source, mask: Tensor | None = None) -> DecoderBlockTrace:
        """The same, every step kept."""
        attention = self.attention.trace(x, mask)
        resid_self = self.attention_norm(x + attention.output)
        cross = self.cross_attention.trace(resid_self, source.mask, source.memory)
        resid_mid = self.cross_attention_norm(resid_self + cross.output)
        ff = self.feed_forward.trace(resid_mid)
        resid_post = self.feed_forward_norm(resid_mid + ff.output)
        return DecoderBlockTrace(
            *(x, resid_self, attention, resid_self, resid_mid, cross),
            *(resid_mid, resid_post, ff, resid_post),
        )


DECODER_BLOCKS: dict[str, type[PreNormDecoderBlock]] = {
    "pre_norm": PreNormDecoderBlock,
    "post_norm": PostNormDecoderBlock,
}
