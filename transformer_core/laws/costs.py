"""What a forward pass costs, by formula: arithmetic and memory against the length of the text.

A multiplication and an addition count as two floating-point operations (FLOP). Norms, activations
and the softmax, a small share, are left out, as is usual (Kaplan et al. 2020, arXiv 2001.08361,
table 1).
"""

from __future__ import annotations

from dataclasses import dataclass

from transformer_core.config import TransformerConfig


@dataclass(frozen=True)
class ForwardFlops:
    """FLOP of one forward pass, by part, over all layers.

    `scores` is Q K^T and `mixing` weights V. Both are counted for all n^2 pairs of positions, as a
    masked matrix product computes them; a causal model needs n (n + 1) / 2 of these.
    """

    qkv: float
    scores: float
    mixing: float
    out_proj: float
    feed_forward: float
    unembedding: float

    @property
    def attention(self) -> float:
        """What compares tokens with each other: grows with the square of the length."""
        return self.scores + self.mixing

    @property
    def linear(self) -> float:
        """The blocks' matrices, applied to each token alone: grows with the length."""
        return self.qkv + self.out_proj + self.feed_forward

    @property
    def total(self) -> float:
        """All of it."""
        return self.attention + self.linear + self.unembedding


def forward_flops(config: TransformerConfig, n: float, batch: int = 1) -> ForwardFlops:
    """A pass over `batch` texts of n tokens.

    Scores and mixing: 2 B H d_head n^2 each and per layer, mostly 2 B d_model n^2.
    """
    d, layers, tokens = config.d_model, config.n_layers, batch * n
    d_q, d_kv = config.n_heads * config.d_head, config.n_kv_heads * config.d_head
    matrices = 3 if config.is_gated else 2
    pairs = 2 * batch * d_q * n * n * layers
    return ForwardFlops(
        qkv=2 * tokens * d * (d_q + 2 * d_kv) * layers,
        scores=pairs,
        mixing=pairs,
        out_proj=2 * tokens * d * d_q * layers,
        feed_forward=2 * tokens * matrices * d * config.d_ff * layers,
        unembedding=2 * tokens * d * config.vocab_size,
    )


def crossover(config: TransformerConfig) -> float:
    """The length at which scores and mixing cost as much as the blocks' matrices."""
    one = forward_flops(config, 1)
    return one.linear / one.attention


def score_bytes(
    config: TransformerConfig, n: float, batch: int = 1, bytes_per_number: float = 4
) -> float:
    """One layer's score matrices, where they are written out: B H n^2 numbers."""
    return batch * config.n_heads * n * n * bytes_per_number


def kv_cache_bytes(
    config: TransformerConfig,
    n: float,
    batch: int = 1,
    bytes_per_number: float = 2,
    n_kv_heads: int | None = None,
) -> float:
    """Keys and values of all layers: 2 n_layers n_kv_heads d_head numbers for each token."""
    heads = config.n_kv_heads if n_kv_heads is None else n_kv_heads
    return 2 * config.n_layers * heads * config.d_head * bytes_per_number * batch * n


def comparisons(n: int) -> int:
    """n (n + 1) / 2: queries with the keys up to their own, in one head of a causal model."""
    return n * (n + 1) // 2


def comparisons_with_cache(n_prompt: int, n_new: int) -> int:
    """Those of one pass over the whole text: the step after m tokens reads m keys, so O(n^2)."""
    return comparisons(positions_with_cache(n_prompt, n_new))


def positions_with_cache(n_prompt: int, n_new: int) -> int:
    """n_prompt + n_new - 1: the prompt once, then each new token but the last."""
    return n_prompt + n_new - 1


def positions_without_cache(n_prompt: int, n_new: int) -> int:
    """n_prompt + (n_prompt + 1) + …, n_new terms: the whole text again for each token."""
    return n_new * n_prompt + n_new * (n_new - 1) // 2
