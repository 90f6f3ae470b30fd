"""What one attention head moves between slow and fast memory, counted: as a whole and in tiles.

The rules, for one head and one forward pass over n tokens:

- A product or a softmax reads all that it needs from slow memory and writes its result there. The
  standard way runs three of them: S = Q K^T, P = softmax(S), O = P V (Dao et al. 2022,
  arXiv 2205.14135, algorithm 0).
- The tiled way reads a tile of queries once, the keys and values anew for each tile of queries, and
  writes the tile's output once. Scores and running sums stay in fast memory.
- Caches between the two memories and the row sums that training keeps (n numbers) are left out.

Asymptotically these are Theta(n d + n^2) and, as the tile grows with the fast memory M,
Theta(n^2 d^2 / M) numbers (theorem 2 of the same paper).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, isqrt

BYTES = 2  # of a 16-bit number


@dataclass(frozen=True)
class Traffic:
    """Numbers that are read from slow memory or written to it, by what they are."""

    q: int
    k: int
    v: int
    scores: int
    weights: int
    output: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.q + self.k + self.v + self.scores + self.weights + self.output

    @property
    def bytes(self) -> int:
        """The same as 16-bit numbers."""
        return BYTES * self.total


def standard_traffic(n: int, d_head: int) -> Traffic:
    """4 n d + 4 n^2: the scores and the weights are each written once and read once."""
    vectors, matrix = n * d_head, n * n
    return Traffic(vectors, vectors, vectors, 2 * matrix, 2 * matrix, vectors)


def tiled_traffic(n: int, d_head: int, tile: int, causal: bool = False) -> Traffic:
    """2 n d + 2 d times the keys that are read; square tiles.

    Args:
        tile: queries, and keys, of a tile.
        causal: tiles that the causal mask hides altogether are passed over.
    """
    read = d_head * keys_read(n, tile, causal)
    return Traffic(n * d_head, read, read, 0, 0, n * d_head)


def keys_read(n: int, tile: int, causal: bool = False) -> int:
    """Keys over all tiles of queries: n for each, or those up to the tile's last query."""
    ends = range(tile, n + tile, tile)
    return sum(min(end, n) for end in ends) if causal else n * ceil(n / tile)


def attention_flops(n: int, d_head: int) -> int:
    """4 n^2 d for Q K^T and P V, without a mask; the same both ways, the softmax left out."""
    return 4 * n * n * d_head


def largest_tile(fast_bytes: int, d_head: int) -> int:
    """The largest b of which Q, K, V, O (b x d each) and the scores (b x b) fit in fast memory.

    4 b d + b^2 <= M, so b = sqrt(4 d^2 + M) - 2 d; at least 1.
    """
    numbers = fast_bytes // BYTES
    return max(1, isqrt(4 * d_head * d_head + numbers) - 2 * d_head)


@dataclass(frozen=True)
class Accelerator:
    """A published machine.

    flops: 16-bit matrix FLOP per second; bandwidth: bytes per second of slow memory, from and to;
    fast_bytes: fast memory of one of its units.
    """

    title: str
    flops: float
    bandwidth: tuple[float, float]
    fast_bytes: int

    def reached(self, intensity: float) -> tuple[float, float]:
        """FLOP per second at most, at so many FLOP per byte (roofline, Williams et al. 2009)."""
        slow, fast = self.bandwidth
        return min(self.flops, slow * intensity), min(self.flops, fast * intensity)


# Dao et al. 2022, section 2.1 (memory); Dao 2023, arXiv 2307.08691, section 3.1 (arithmetic).
A100 = Accelerator("NVIDIA A100", 312e12, (1.5e12, 2.0e12), 192 * 1024)
# NVIDIA's data sheet of the SXM module, without sparsity.
H100 = Accelerator("NVIDIA H100", 989e12, (3.35e12, 3.35e12), 228 * 1024)
