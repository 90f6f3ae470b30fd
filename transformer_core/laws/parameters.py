"""Where a Transformer's parameters sit, from its configuration alone."""

from __future__ import annotations

from dataclasses import dataclass

from transformer_core.config import TransformerConfig


@dataclass(frozen=True)
class ParameterCount:
    """Numbers that training sets, by part of the model.

    `unembedding` is 0 where the embedding's matrix is used again at the end (tied).
    """

    embedding: int
    positions: int
    attention: int
    feed_forward: int
    norms: int
    unembedding: int

    @property
    def total(self) -> int:
        """All of them."""
        return sum(vars(self).values())


def attention_parameters(config: TransformerConfig) -> int:
    """One layer: W_q, W_o d_model x n_heads d_head; W_k, W_v d_model x n_kv_heads d_head."""
    d, q, kv = config.d_model, config.n_heads * config.d_head, config.n_kv_heads * config.d_head
    return 2 * d * q + 2 * d * kv + config.attention_bias * (d + q + 2 * kv)


def feed_forward_parameters(config: TransformerConfig) -> int:
    """One layer: 2 d_model d_ff, or 3 d_model d_ff with a gate (arXiv 2002.05202), and biases."""
    matrices = 3 if config.is_gated else 2
    biases = (matrices - 1) * config.d_ff + config.d_model
    return matrices * config.d_model * config.d_ff + config.feed_forward_bias * biases


def count_parameters(config: TransformerConfig) -> ParameterCount:
    """All parts of a decoder-only model."""
    vocabulary = config.vocab_size * config.d_model
    norms = 2 * config.n_layers + (config.block == "pre_norm")
    has_bias = config.norm == "layer_norm" and config.bias is True
    return ParameterCount(
        embedding=vocabulary,
        positions=config.context_length * config.d_model if config.position == "learned" else 0,
        attention=config.n_layers * attention_parameters(config),
        feed_forward=config.n_layers * feed_forward_parameters(config),
        norms=norms * (1 + has_bias) * config.d_model,
        unembedding=0 if config.tied_embeddings else vocabulary,
    )
