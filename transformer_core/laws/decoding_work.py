"""What writing costs, with and without the KV cache."""

from __future__ import annotations


def positions_with_cache(n_prompt: int, n_new: int) -> int:
    """n_prompt + n_new - 1: the prompt once, then each new token but the last."""
    return n_prompt + n_new - 1


def positions_without_cache(n_prompt: int, n_new: int) -> int:
    """n_prompt + (n_prompt + 1) + …, n_new terms: the whole text again for each token."""
    return n_new * n_prompt + n_new * (n_new - 1) // 2


def cache_bytes_per_position(
    n_layers: int, n_kv_heads: int, d_head: int, bytes_per_number: int = 4
) -> int:
    """2 * n_layers * n_kv_heads * d_head * bytes: a key and a value in every layer and head."""
    return 2 * n_layers * n_kv_heads * d_head * bytes_per_number
