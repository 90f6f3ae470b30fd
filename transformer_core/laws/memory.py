"""What a model takes in memory, by formula: when it is trained, and when it answers.

Weights, gradients and the optimizer follow from the number of parameters, activations from the
number of tokens. All of it is for one copy of the model on one machine.
"""

from __future__ import annotations

from dataclasses import dataclass

from transformer_core.laws.blueprint import Blueprint, Shape, blueprint
from transformer_core.laws.costs import kv_cache_numbers
from transformer_core.laws.parameters import count_parameters

# Bytes for each parameter: weights, gradients, Adam. In mixed precision Adam keeps a 32-bit copy
# of the weights beside its two moments (Micikevicius et al. 2018, arXiv 1710.03740; Rajbhandari et
# al. 2020, arXiv 1910.02054, 3.1).
TRAINING = {"float32": (4, 4, 8), "mixed": (2, 2, 12)}
ACTIVATION_BYTES = {"float32": 4, "mixed": 2}


@dataclass(frozen=True)
class TrainingMemory:
    """Bytes while a model is trained with Adam."""

    weights: float
    gradients: float
    optimizer: float
    activations: float

    @property
    def total(self) -> float:
        """All of it."""
        return sum(vars(self).values())


@dataclass(frozen=True)
class ServingMemory:
    """Bytes while a model answers."""

    weights: float
    cache: float

    @property
    def total(self) -> float:
        """All of it."""
        return self.weights + self.cache


def training_memory(
    shape: Shape, n: float, batch: int = 1, precision: str = "mixed"
) -> TrainingMemory:
    """`batch` texts of n tokens at a time, nothing computed twice."""
    parameters = count_parameters(shape).total
    weights, gradients, optimizer = (each * parameters for each in TRAINING[precision])
    kept = activation_numbers(shape) * batch * n * ACTIVATION_BYTES[precision]
    return TrainingMemory(weights, gradients, optimizer, kept)


def serving_memory(shape: Shape, n: float, batch: int = 1, bits: int = 16) -> ServingMemory:
    """`batch` texts of n tokens; the cache has 16 bits a number, or 32 where the weights have."""
    weights = count_parameters(shape).total * bits / 8
    return ServingMemory(weights, kv_cache_numbers(shape, n) * batch * (4 if bits == 32 else 2))


def activation_numbers(shape: Shape) -> float:
    """Numbers kept of one token for the backward pass.

    What each matrix, norm and activation function reads, as the table of Korthikanti et al. 2022
    (arXiv 2205.05198, 4.1) has it, without dropout: 16 d_model in a GPT layer. Attention is fused
    and keeps no scores. The unembedding adds the final norm's input, its own, and the logits.
    """
    plan = blueprint(shape)
    halves, attentions = (1, 1) if plan.stack == "decoder" else (2, 3)
    routed = plan.n_expert_layers
    plain = halves * plan.n_layers - routed
    layers = (
        attentions * plan.n_layers * _attention_numbers(plan)
        + plain * _mlp_numbers(plan, plan.d_ff)
        + routed * _experts_numbers(plan)
    )
    return layers + 2 * plan.d_model + plan.vocab_size


def _norms_numbers(plan: Blueprint) -> int:
    """What the norms of one sublayer read."""
    return plan.d_model * (2 if plan.block == "both_norms" else 1)


def _attention_numbers(plan: Blueprint) -> int:
    """The norm's input, that of the maps to queries, keys and values, these, and the mixture."""
    heads, kv = plan.n_heads, plan.n_kv_heads * plan.d_head
    kept = _norms_numbers(plan) + plan.d_model + plan.output_width
    if plan.is_latent:
        ranks = 2 * (plan.q_rank + plan.kv_rank) + plan.rope_width
        return kept + ranks + heads * (2 * plan.query_width + plan.value_width)
    queries_and_keys = heads * plan.d_head + kv
    return kept + queries_and_keys * (2 if plan.qk_norm else 1) + kv


def _mlp_numbers(plan: Blueprint, width: int) -> int:
    """The norm's input, that of the first matrix, and per neuron: before the bend and after it.

    With a gate also the other half, and the product.
    """
    return _norms_numbers(plan) + plan.d_model + (4 if plan.matrices == 3 else 2) * width


def _experts_numbers(plan: Blueprint) -> int:
    """The router's answer; each active expert's own input and neurons."""
    active = plan.n_active + plan.n_shared
    inside = _mlp_numbers(plan, plan.d_expert) - _norms_numbers(plan)
    return _norms_numbers(plan) + plan.d_model + plan.n_experts + active * inside
