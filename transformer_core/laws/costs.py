"""What a forward pass costs, by formula: arithmetic and memory against the length of the text.

A multiplication and an addition count as two floating-point operations (FLOP). Norms, activations
and the softmax, a small share, are left out, as is usual (Kaplan et al. 2020, arXiv 2001.08361,
table 1).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from transformer_core.config import TransformerConfig
from transformer_core.laws.blueprint import Blueprint, Shape, blueprint
from transformer_core.laws.parameters import attention_matrices


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


def forward_flops(shape: Shape, n: float, batch: int = 1) -> ForwardFlops:
    """A pass over `batch` texts of n tokens; an encoder and a decoder read n tokens each.

    Scores and mixing: 2 B H d_head n^2 each and per layer, mostly 2 B d_model n^2. A layer with a
    window of w < n counts n w pairs, as a kernel that skips the rest. A router's matrix and the
    active experts are part of `feed_forward`.
    """
    plan, tokens = blueprint(shape), batch * n
    pairs = 2 * tokens * _keys_read(plan, n) * plan.n_heads * (1 if _is_decoder(plan) else 3)
    return ForwardFlops(
        **_matrix_flops(plan, tokens, 1 if _is_decoder(plan) else 3),
        scores=pairs * plan.query_width,
        mixing=pairs * (plan.output_width // plan.n_heads),
    )


def token_flops(shape: Shape, n: float) -> ForwardFlops:
    """One new token of a text that has n with it, keys and values of the others being kept.

    With latent attention the short vectors are what is kept. The maps from them to keys and values
    are applied to the query and to the mixture instead (arXiv 2405.04434, 2.1.2), so that a head
    compares and mixes vectors of kv_rank numbers. An encoder has read its n tokens before.
    """
    plan = blueprint(shape)
    flops = _matrix_flops(plan, 1, 1)
    if not _is_decoder(plan):  # cross-attention: its keys and values are kept
        more = attention_matrices(plan)
        flops["qkv"] += 2 * more.queries * plan.n_layers
        flops["out_proj"] += 2 * more.output * plan.n_layers
        flops["feed_forward"] //= 2
    pairs = 2 * _keys_read(plan, n) * plan.n_heads * (1 if _is_decoder(plan) else 2)
    query, value = plan.query_width, plan.output_width // plan.n_heads
    if plan.is_latent:
        query, value = plan.kv_rank + plan.rope_width, plan.kv_rank
    return ForwardFlops(**flops, scores=pairs * query, mixing=pairs * value)


def training_flops(shape: Shape, n: float, tokens: float) -> float:
    """Training on so many tokens, in texts of n: a backward pass takes two forward passes."""
    return 3 * forward_flops(shape, n).total / n * tokens


def _is_decoder(plan: Blueprint) -> bool:
    return plan.stack == "decoder"


def _keys_read(plan: Blueprint, n: float) -> float:
    """Keys that a token's query is compared with, all layers together."""
    return plan.n_windowed * min(n, plan.sliding_window) + (plan.n_layers - plan.n_windowed) * n


def _matrix_flops(plan: Blueprint, tokens: float, attentions: int) -> dict[str, float]:
    """What each token's matrices cost, with so many attentions for each layer of the decoder."""
    one, d = attention_matrices(plan), plan.d_model
    routed, halves = plan.n_expert_layers, 1 if _is_decoder(plan) else 2
    active = (plan.n_active + plan.n_shared) * plan.d_expert
    wide = (halves * plan.n_layers - routed) * plan.d_ff + routed * active
    layers = attentions * plan.n_layers
    return {
        "qkv": 2 * tokens * layers * (one.queries + one.keys_values),
        "out_proj": 2 * tokens * layers * one.output,
        "feed_forward": 2 * tokens * d * (plan.matrices * wide + routed * plan.n_experts),
        "unembedding": 2 * tokens * d * plan.vocab_size,
    }


def crossover(config: TransformerConfig) -> float:
    """The length at which scores and mixing cost as much as the blocks' matrices."""
    one = forward_flops(config, 1)
    return one.linear / one.attention


def score_bytes(
    config: TransformerConfig, n: float, batch: int = 1, bytes_per_number: float = 4
) -> float:
    """One layer's score matrices, where they are written out: B H n^2 numbers."""
    return batch * config.n_heads * n * n * bytes_per_number


def kv_cache_numbers(shape: Shape, n: float) -> float:
    """Numbers kept of a text of n tokens, all layers together.

    Keys and values, 2 n_kv_heads d_head for each token; with latent attention the short vector and
    the shared rotary key; of a layer with a window the last tokens only. A decoder beside an
    encoder keeps those of the n tokens that the encoder has read, too.
    """
    plan = blueprint(shape)
    each = 2 * plan.n_kv_heads * plan.d_head
    if plan.is_latent:
        each = plan.kv_rank + plan.rope_width
    return each * _keys_read(plan, n) * (1 if _is_decoder(plan) else 2)


def kv_cache_bytes(
    config: TransformerConfig,
    n: float,
    batch: int = 1,
    bytes_per_number: float = 2,
    n_kv_heads: int | None = None,
) -> float:
    """Keys and values of all layers: 2 n_layers n_kv_heads d_head numbers for each token."""
    heads = config.n_kv_heads if n_kv_heads is None else n_kv_heads
    kept = kv_cache_numbers(replace(config, n_kv_heads=1), n)
    return kept * heads * bytes_per_number * batch


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
