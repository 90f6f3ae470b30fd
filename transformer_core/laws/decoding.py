"""Reading and writing by formula: what one pass computes, what it reads from memory, its cache.

Bytes are those of every weight once, and of the keys and values that the pass reads or writes, all
of `size` bytes. Activations, which a processor's own caches mostly hold, are left out, and so is
all time but that of arithmetic and memory.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil

from transformer_core.laws.blueprint import Blueprint, Shape, blueprint
from transformer_core.laws.costs import forward_flops, kv_cache_numbers, token_flops
from transformer_core.laws.parameters import count_parameters

BYTES = 2  # of a 16-bit number


@dataclass(frozen=True)
class PassCost:
    """FLOP of one pass, and bytes that it reads or writes."""

    flops: float
    bytes: float

    @property
    def intensity(self) -> float:
        """FLOP for each byte."""
        return self.flops / self.bytes


def weight_bytes(shape: Shape, size: int = BYTES) -> float:
    """What a pass reads of a dense model: of an untied embedding only rows, which are left out."""
    plan = blueprint(shape)
    rows = 0 if plan.tied_embeddings else plan.vocab_size * plan.d_model
    return float(size * (count_parameters(plan).total - rows))


def prefill_cost(shape: Shape, n: float, batch: int = 1, size: int = BYTES) -> PassCost:
    """Reading `batch` prompts of n tokens: all weights once, all keys and values written."""
    written = size * kv_cache_numbers(shape, n) * batch
    return PassCost(forward_flops(shape, n, batch).total, weight_bytes(shape, size) + written)


def decode_cost(shape: Shape, n: float, batch: int = 1, size: int = BYTES) -> PassCost:
    """One token more for each of `batch` texts of n tokens: all weights once, each text's cache."""
    read = size * kv_cache_numbers(shape, n) * batch
    return PassCost(batch * token_flops(shape, n).total, weight_bytes(shape, size) + read)


def cache_kinds(shape: Shape) -> dict[str, Blueprint]:
    """The same shape with each kind of attention.

    GQA has the published groups, or one for about four heads. MLA has the published ranks, or the
    proportions of DeepSeek-V2: a latent of 4 d_head numbers and a rotary key of d_head / 2 (arXiv
    2405.04434, 2.1.4).
    """
    plan = blueprint(shape)
    heads, d_head = plan.n_heads, plan.d_head
    grouped = not plan.is_latent and 1 < plan.n_kv_heads < heads
    groups = plan.n_kv_heads if grouped else a_quarter(heads)
    plain = replace(plan, attention="heads", head_width=d_head)
    latent = replace(
        plain,
        attention="latent",
        n_kv_heads=heads,
        kv_rank=4 * d_head,
        rope_width=d_head // 2,
        value_width=d_head,
    )
    return {
        "MHA": replace(plain, n_kv_heads=heads),
        "GQA": replace(plain, n_kv_heads=groups),
        "MQA": replace(plain, n_kv_heads=1),
        "MLA": plan if plan.is_latent else latent,
    }


def a_quarter(heads: int) -> int:
    """The fewest equal groups, at least two, that are a quarter of the heads or more; else one."""
    fewest = max(2, ceil(heads / 4))
    return next((groups for groups in range(fewest, heads) if heads % groups == 0), 1)


def published_kind(shape: Shape) -> str:
    """Which of them a shape has."""
    plan = blueprint(shape)
    if plan.is_latent:
        return "MLA"
    return "MHA" if plan.n_kv_heads == plan.n_heads else "MQA" if plan.n_kv_heads == 1 else "GQA"
