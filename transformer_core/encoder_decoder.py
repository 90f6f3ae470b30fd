"""The encoder-decoder: one half reads a sentence both ways, the other writes its answer.

Source: Vaswani et al. 2017, arXiv 1706.03762, section 3.1, without the factor sqrt(d_model) on the
embeddings. Each half has a positional scheme of its own for its self-attention; cross-attention has
none, because a place in the target has no distance to a place in the source. So do T5 (arXiv
1910.10683), and with rotary positions T5Gemma (arXiv 2504.06225) and Moonshine (arXiv 2410.15608).
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from transformer_core.block import BLOCKS, BlockTrace
from transformer_core.config import TransformerConfig
from transformer_core.decoder_block import (
    DECODER_BLOCKS,
    DecoderBlockTrace,
    DecoderLayerCache,
    Source,
)
from transformer_core.kv_cache import KVCache
from transformer_core.linear import Linear
from transformer_core.norms import NORMS
from transformer_core.positions import POSITIONS


@dataclass(frozen=True)
class EncoderTrace:
    """Every step of the encoder, [batch, source, d_model]; memory is what the decoder reads."""

    embedded: Tensor
    blocks: tuple[BlockTrace, ...]
    memory: Tensor


@dataclass(frozen=True)
class DecoderTrace:
    """Every step of the decoder, [batch, target, d_model]."""

    embedded: Tensor
    blocks: tuple[DecoderBlockTrace, ...]
    final_norm: Tensor


@dataclass(frozen=True)
class EncoderDecoderTrace:
    """Every step of both halves; logits [batch, target, vocab]."""

    source_ids: Tensor
    target_ids: Tensor
    encoder: EncoderTrace
    decoder: DecoderTrace
    logits: Tensor


class Encoder(nn.Module):
    """n_layers blocks without a causal mask, then a norm if they are pre-norm.

    Shapes: embedded tokens [batch, source, d_model] to the same; mask as in `Attention.forward`.
    """

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        self.position = POSITIONS[config.position](config)
        block = BLOCKS[config.block]
        self.blocks = nn.ModuleList(
            block(config, self.position, causal=False) for _ in range(config.n_layers)
        )
        self.final_norm = final_norm(config)

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """Read all tokens at once, without keeping the steps."""
        x = self.position.embed(x)
        for block in self.blocks:
            x = block(x, mask)
        return self.final_norm(x)

    def trace(self, x: Tensor, mask: Tensor | None = None) -> EncoderTrace:
        """The same, every step kept."""
        x = embedded = self.position.embed(x)
        blocks: list[BlockTrace] = []
        for block in self.blocks:
            blocks.append(block.trace(x, mask))  # type: ignore[operator]
            x = blocks[-1].resid_post
        return EncoderTrace(embedded, tuple(blocks), self.final_norm(x))


class DecoderCache:
    """What decoding keeps: keys and values of the target so far, and once those of the source."""

    def __init__(self, config: TransformerConfig, n_source: int, batch: int = 1) -> None:
        self.target = KVCache(config, batch=batch)
        self.source = KVCache(config, n_source, batch)

    @property
    def layers(self) -> list[DecoderLayerCache]:
        """Both caches of each layer."""
        return list(zip(self.target.layers, self.source.layers, strict=True))


class Decoder(nn.Module):
    """n_layers decoder blocks, then a norm if they are pre-norm.

    Shapes: embedded tokens [batch, target, d_model] to the same.
    """

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        self.position = POSITIONS[config.position](config)
        block = DECODER_BLOCKS[config.block]
        self.blocks = nn.ModuleList(block(config, self.position) for _ in range(config.n_layers))
        self.final_norm = final_norm(config)

    def forward(
        self,
        x: Tensor,
        source: Source,
        mask: Tensor | None = None,
        cache: DecoderCache | None = None,
    ) -> Tensor:
        """Read the target so far and the source; with a cache, x holds only the new tokens."""
        x = self.position.embed(x, cache.target.length if cache else 0)
        for i, block in enumerate(self.blocks):
            x = block(x, source, mask, cache.layers[i] if cache else None)
        return self.final_norm(x)

    def trace(self, x: Tensor, source: Source, mask: Tensor | None = None) -> DecoderTrace:
        """The same, every step kept."""
        x = embedded = self.position.embed(x)
        blocks: list[DecoderBlockTrace] = []
        for block in self.blocks:
            blocks.append(block.trace(x, source, mask))  # type: ignore[operator]
            x = blocks[-1].resid_post
        return DecoderTrace(embedded, tuple(blocks), self.final_norm(x))


class EncoderDecoder(nn.Module):
    """decode(target, encode(source)); both halves have `n_layers` blocks and share the embedding.

    Masks: boolean, True = may look. `source_mask`, broadcast to [batch, head, query, source], hides
    padding from the encoder and from cross-attention (`padding_mask`); `target_mask` replaces the
    decoder's causal mask.
    """

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        self.config = config
        self.embedding = nn.Parameter(torch.empty(config.vocab_size, config.d_model))
        self.encoder = Encoder(config)
        self.decoder = Decoder(config)
        tied = config.tied_embeddings
        self.unembedding = None if tied else Linear(config.d_model, config.vocab_size, bias=False)

    def forward(
        self,
        source_ids: Tensor,
        target_ids: Tensor,
        source_mask: Tensor | None = None,
        target_mask: Tensor | None = None,
    ) -> Tensor:
        """Ids [batch, source] and [batch, target] to logits [batch, target, vocab]."""
        return self.decode(target_ids, self.encode(source_ids, source_mask), target_mask)

    def encode(self, source_ids: Tensor, mask: Tensor | None = None) -> Source:
        """What the decoder reads, which is computed once per source."""
        return Source(self.encoder(F.embedding(source_ids, self.embedding), mask), mask)

    def decode(
        self,
        target_ids: Tensor,
        source: Source,
        mask: Tensor | None = None,
        cache: DecoderCache | None = None,
    ) -> Tensor:
        """Logits [batch, target, vocab]; with a cache, target_ids holds only the new tokens."""
        x = F.embedding(target_ids, self.embedding)
        return self.unembed(self.decoder(x, source, mask, cache))

    def trace(
        self,
        source_ids: Tensor,
        target_ids: Tensor,
        source_mask: Tensor | None = None,
        target_mask: Tensor | None = None,
    ) -> EncoderDecoderTrace:
        """The same as `forward`, every step kept."""
        source, target = (F.embedding(ids, self.embedding) for ids in (source_ids, target_ids))
        encoder = self.encoder.trace(source, source_mask)
        decoder = self.decoder.trace(target, Source(encoder.memory, source_mask), target_mask)
        logits = self.unembed(decoder.final_norm)
        return EncoderDecoderTrace(source_ids, target_ids, encoder, decoder, logits)

    def unembed(self, x: Tensor) -> Tensor:
        """Compare with every token's vector: x E^T, or x W_U where the two are untied."""
        return F.linear(x, self.embedding) if self.unembedding is None else self.unembedding(x)

    def initialise(self, seed: int) -> None:
        """`torch.nn.Transformer`'s: Glorot's uniform distribution for every matrix."""
        generator = torch.Generator().manual_seed(seed)
        for parameter in self.parameters():
            if parameter.ndim == 2:
                nn.init.xavier_uniform_(parameter, generator=generator)


def final_norm(config: TransformerConfig) -> nn.Module:
    """The norm after the last block; a post-norm block ends with its own."""
    return NORMS[config.norm](config) if config.block == "pre_norm" else nn.Identity()
