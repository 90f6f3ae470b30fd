"""Every head's attention map, small: what pictures of all layers show."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

MOST_BINS = 16


def bins_of(n: int, most: int = MOST_BINS) -> list[int]:
    """Where each row of a small map begins, and the end.

    Up to `most` tokens have a row each. Of more, the first one still stands alone, since many
    heads rest on it, and the others share the rest in order.
    """
    if n <= most:
        return list(range(n + 1))
    return [0, *np.linspace(1, n, most).round().astype(int).tolist()]


def small_maps(weights: NDArray[np.uint16], bins: list[int]) -> NDArray[np.uint8]:
    """The largest share in each field, as its root: [layer, head, m (m + 1) / 2] of 255.

    Args:
        weights: of 65,535, [layer, head, query, key].
        bins: of `bins_of`.
    """
    starts = bins[:-1]
    small = np.maximum.reduceat(np.maximum.reduceat(weights, starts, axis=-1), starts, axis=-2)
    roots = np.sqrt(small[..., np.tri(len(starts), dtype=bool)] / 65_535)
    return (255 * roots).round().astype(np.uint8)


def resting(weights: NDArray[np.uint16]) -> float:
    """The mean share that heads give to the first token, over all queries but its own."""
    later = weights[:, :, 1:, 0]
    return float(later.mean() / 65_535) if later.size else 0.0
