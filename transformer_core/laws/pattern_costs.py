"""How many pairs of query and key a causal layer looks at, and how far back a stack of them hears.

n: tokens of the text. Counted without a mask, so also for a million tokens.
"""

from __future__ import annotations

from math import ceil


def full_pairs(n: int) -> int:
    """Each token and all before it: n (n + 1) / 2."""
    return n * (n + 1) // 2


def window_pairs(n: int, window: int) -> int:
    """The last `window` tokens, itself included; the first tokens have fewer."""
    return dilated_pairs(n, window, 1)


def chunk_pairs(n: int, chunk: int) -> int:
    """Each chunk by itself; the last one may be shorter."""
    return n // chunk * full_pairs(chunk) + full_pairs(n % chunk)


def dilated_pairs(n: int, window: int, step: int) -> int:
    """`window` keys, `step` tokens apart, the query's own the last of them."""
    growing = min(n, window * step)  # queries that do not have all of their keys yet
    rounds, rest = divmod(growing, step)
    return step * full_pairs(rounds) + rest * (rounds + 1) + (n - growing) * window


def block_pairs(n: int, block: int) -> int:
    """One's own block up to oneself, the block before it, and the first block of all."""
    return chunk_pairs(n, block) + block * max(n - block, 0) + block * max(n - 2 * block, 0)


def layers_to_reach(distance: int, window: int) -> int:
    """Layers with a window after which a token can have heard from one so far back.

    Each layer passes information on by window - 1 tokens (Jiang et al. 2023, arXiv 2310.06825, 2).
    """
    return ceil(distance / (window - 1))
