"""The decoder-only Transformer: tokens in, a score for every possible next token out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from transformer_core.block import BLOCKS, BlockTrace
from transformer_core.config import TransformerConfig
from transformer_core.kv_cache import KVCache
from transformer_core.linear import Linear, empty_matrix
from transformer_core.norms import NORMS
from transformer_core.positions import POSITIONS


@dataclass(frozen=True)
class TransformerTrace:
    """Every step of one forward pass.

    token_embedded: the rows looked up; embedded: after the positional scheme's share; final_norm:
    what the unembedding reads; each [batch, position, d_model]. logits [batch, position, vocab].
    """

    token_ids: Tensor
    token_embedded: Tensor
    embedded: Tensor
    blocks: tuple[BlockTrace, ...]
    final_norm: Tensor
    logits: Tensor


class Transformer(nn.Module):
    """embed, n_layers blocks, final norm, unembed (GPT-2's and Llama's shape).

    A post-norm model has no final norm: its last block ends with one.
    """

    blocks: Any  # nn.ModuleList of PreNormBlock or PostNormBlock
    unembedding: nn.Module | None

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        self.config = config
        self.position = POSITIONS[config.position](config)
        self.embedding = nn.Parameter(empty_matrix(config.vocab_size, config.d_model))
        block = BLOCKS[config.block]
        self.blocks = nn.ModuleList(block(config, self.position) for _ in range(config.n_layers))
        pre_norm = config.block == "pre_norm"
        self.final_norm = NORMS[config.norm](config) if pre_norm else nn.Identity()
        self.unembedding = (
            None
            if config.tied_embeddings
            else Linear(config.d_model, config.vocab_size, bias=False)
        )

    def forward(
        self,
        token_ids: Tensor,
        mask: Tensor | None = None,
        cache: KVCache | None = None,
        last_only: bool = False,
    ) -> Tensor:
        """Logits, without keeping the steps.

        Args:
            token_ids: int64 [batch, position].
            mask: boolean, broadcast to [batch, head, query, key]; None = causal.
            cache: keys and values of earlier positions, extended in place.
            last_only: unembed the last position only, which is all that generation needs.

        Returns:
            [batch, position, vocab], or [batch, 1, vocab] with `last_only`.
        """
        x = self.embed(token_ids, cache)
        for i, block in enumerate(self.blocks):
            x = block(x, mask, cache.layers[i] if cache else None)
        if last_only:
            x = x[:, -1:]
        return self.unembed(self.final_norm(x))

    def trace(
        self, token_ids: Tensor, mask: Tensor | None = None, cache: KVCache | None = None
    ) -> TransformerTrace:
        """The same, every step kept."""
        token_embedded = F.embedding(token_ids, self.embedding)
        embedded = self.position.embed(token_embedded, cache.length if cache else 0)
        blocks: list[BlockTrace] = []
        x = embedded
        for i, block in enumerate(self.blocks):
            blocks.append(block.trace(x, mask, cache.layers[i] if cache else None))
            x = blocks[-1].resid_post
        final_norm = self.final_norm(x)
        logits = self.unembed(final_norm)
        return TransformerTrace(
            token_ids, token_embedded, embedded, tuple(blocks), final_norm, logits
        )

    def embed(self, token_ids: Tensor, cache: KVCache | None = None) -> Tensor:
        """Look up each token's row and add what the positional scheme adds here."""
        rows = F.embedding(token_ids, self.embedding)
        return self.position.embed(rows, cache.length if cache else 0)

    def unembed(self, x: Tensor) -> Tensor:
        """Compare with every token's vector: x E^T, or x W_U where the two are untied."""
        return F.linear(x, self.embedding) if self.unembedding is None else self.unembedding(x)

    def initialise(self, seed: int) -> None:
        """GPT-2's: normal, deviation 0.02, output projections divided by sqrt(2 n_layers)."""
        generator = torch.Generator().manual_seed(seed)
        for name, parameter in self.named_parameters():
            if parameter.ndim == 2:
                into_stream = name.endswith(("out_proj.weight", "down_proj.weight"))
                shrink = (2 * self.config.n_layers) ** -0.5 if into_stream else 1.0
                nn.init.normal_(parameter, std=0.02 * shrink, generator=generator)
