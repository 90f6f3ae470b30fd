"""How far apart two words are in a network, and how many steps have to wait for one another.

Table 1 of Vaswani et al. 2017 (arXiv 1706.03762), counted instead of in orders of magnitude. A step
takes information from one position to another within a layer; layers are causal.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

KERNEL = 3  # tokens that a convolution reads, the last one its own


@dataclass(frozen=True)
class LayerKind:
    """A way to bring n vectors of d numbers together.

    path: steps from one token to another `distance` >= 1 tokens later; sequential: of n tokens, the
    steps in a layer of which each needs the one before; multiplications: of a layer on [n, d].
    """

    name: str
    path: Callable[[int], int]
    sequential: Callable[[int], int]
    multiplications: Callable[[int, int], int]


def convolution_path(distance: int, kernel: int = KERNEL) -> int:
    """Layers of a stack in which each reaches kernel - 1 tokens back (ConvS2S)."""
    return ceil(distance / (kernel - 1))


def dilated_path(distance: int, kernel: int = KERNEL) -> int:
    """Layers of a stack whose steps between the tokens read grow as 1, kernel, kernel^2, ...

    After so many layers it reaches kernel^layers - 1 tokens back (ByteNet).
    """
    layers = 1
    while kernel**layers - 1 < distance:
        layers += 1
    return layers


def scan_rounds(n: int) -> int:
    """Rounds of a parallel scan over n tokens, up and down its tree (Blelloch 1990)."""
    return max(1, 2 * (n - 1).bit_length())


LAYER_KINDS = (
    LayerKind("RNN", lambda k: k, lambda n: n, lambda n, d: n * d * d),
    LayerKind("convolution", convolution_path, lambda n: 1, lambda n, d: KERNEL * n * d * d),
    LayerKind("dilated convolution", dilated_path, lambda n: 1, lambda n, d: KERNEL * n * d * d),
    LayerKind("self-attention", lambda k: 1, lambda n: 1, lambda n, d: n * n * d),
)
