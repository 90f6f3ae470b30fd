"""Where a Transformer's parameters sit, from its configuration alone."""

from __future__ import annotations

from dataclasses import dataclass

from transformer_core.laws.blueprint import Blueprint, Shape, blueprint


@dataclass(frozen=True)
class ParameterCount:
    """Numbers that training sets, by part of the model.

    `unembedding` is 0 where the embedding's matrix is used again at the end (tied). `feed_forward`
    holds all experts and their routers.
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


@dataclass(frozen=True)
class AttentionMatrices:
    """Numbers of one layer's matrices: to queries, keys and values, and back.

    With latent attention, `keys_values` are the map to the short vector and the one out of it.
    """

    queries: int
    keys_values: int
    output: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.queries + self.keys_values + self.output


def attention_matrices(shape: Shape) -> AttentionMatrices:
    """W_q, W_o d_model x n_heads d_head; W_k, W_v d_model x n_kv_heads d_head; or through ranks."""
    plan = blueprint(shape)
    d, heads, query = plan.d_model, plan.n_heads, plan.n_heads * plan.query_width
    if not plan.is_latent:
        kv = plan.n_kv_heads * plan.d_head
        return AttentionMatrices(d * query, 2 * d * kv, query * d)
    through, rank = plan.q_rank, plan.kv_rank
    queries = d * through + through * query if through else d * query
    to_rank, from_rank = d * (rank + plan.rope_width), rank * (plan.d_head + plan.value_width)
    return AttentionMatrices(queries, to_rank + heads * from_rank, plan.output_width * d)


def attention_parameters(shape: Shape) -> int:
    """One layer's matrices and biases; with latent attention what maps x and to x has them."""
    plan = blueprint(shape)
    if plan.is_latent:
        biases = plan.q_rank + plan.kv_rank + plan.rope_width + plan.d_model
    else:
        q, kv = plan.n_heads * plan.d_head, plan.n_kv_heads * plan.d_head
        biases = plan.d_model + q + 2 * kv
    return attention_matrices(plan).total + plan.attention_bias * biases


def mlp_parameters(shape: Shape, width: int) -> int:
    """One MLP: 2 d_model d_ff, or 3 d_model d_ff with a gate (arXiv 2002.05202), and biases."""
    plan = blueprint(shape)
    biases = (plan.matrices - 1) * width + plan.d_model
    return plan.matrices * plan.d_model * width + plan.feed_forward_bias * biases


def feed_forward_parameters(shape: Shape) -> int:
    """One layer with a plain MLP."""
    plan = blueprint(shape)
    return mlp_parameters(plan, plan.d_ff)


def expert_layer_parameters(plan: Blueprint, n_experts: int) -> int:
    """One layer with a router: W_r d_model x all experts, so many of them, those always active."""
    router = (plan.d_model + plan.router_bias) * plan.n_experts
    return router + (n_experts + plan.n_shared) * mlp_parameters(plan, plan.d_expert)


def norm_parameters(plan: Blueprint) -> int:
    """All norms; with latent attention also those of the short vectors, in every layer."""
    sides = 2 if plan.block == "both_norms" else 1
    sublayers = 2 if plan.stack == "decoder" else 2 + 3
    halves = 1 if plan.stack == "decoder" else 2
    wide = sides * sublayers * plan.n_layers + halves * (plan.block != "post_norm")
    narrow = plan.n_layers * (
        plan.is_latent * (plan.q_rank + plan.kv_rank) + 2 * plan.qk_norm * plan.query_width
    )
    return wide * (1 + plan.has_norm_bias) * plan.d_model + narrow


def count_parameters(shape: Shape) -> ParameterCount:
    """All parts of a model."""
    plan = blueprint(shape)
    return _count(plan, plan.n_experts)


def count_active(shape: Shape) -> int:
    """Parameters that one token meets: all but the experts that the router leaves out.

    The embedding counts as a whole, as is usual, though a token reads one row of it.
    """
    plan = blueprint(shape)
    return _count(plan, plan.n_active).total


def _count(plan: Blueprint, n_experts: int) -> ParameterCount:
    vocabulary = plan.vocab_size * plan.d_model
    halves = 1 if plan.stack == "decoder" else 2
    attentions = plan.n_layers * (1 if plan.stack == "decoder" else 3)
    routed = plan.n_expert_layers
    mlps = halves * plan.n_layers - routed
    places = halves * plan.context_length if plan.position == "learned" else 0
    experts = routed * expert_layer_parameters(plan, n_experts)
    return ParameterCount(
        embedding=vocabulary,
        positions=places * plan.d_model,
        attention=attentions * attention_parameters(plan),
        feed_forward=mlps * feed_forward_parameters(plan) + experts,
        norms=norm_parameters(plan),
        unembedding=0 if plan.tied_embeddings else vocabulary,
    )
