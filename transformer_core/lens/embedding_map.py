"""The geometry of the embedding matrix: who is near whom, and how much a flat map of it shows."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor


@dataclass(frozen=True)
class PrincipalComponents:
    """The directions in which the rows differ most.

    mean [d_model]; axes [component, d_model], orthonormal; shares [component]: each one's part of
    the whole variance, from 0 to 1.
    """

    mean: Tensor
    axes: Tensor
    shares: Tensor


def principal_components(table: Tensor, count: int = 4) -> PrincipalComponents:
    """Eigenvectors of C^T C with C = E - mean(E), largest eigenvalue first (Pearson 1901).

    The sign of an axis is free; here its largest coordinate is positive, so that a map never flips.

    Args:
        table: embedding matrix [token, d_model].
        count: how many components to keep.
    """
    rows = table.double()
    mean = rows.mean(0)
    centred = rows - mean
    variances, vectors = torch.linalg.eigh(centred.T @ centred)
    axes = vectors.T.flip(0)[:count]
    strongest = axes.gather(1, axes.abs().argmax(1, keepdim=True))
    shares = variances.flip(0)[:count].clamp(min=0) / variances.sum().clamp(min=1e-30)
    return PrincipalComponents(mean.float(), (axes * strongest.sign()).float(), shares.float())


def project(rows: Tensor, components: PrincipalComponents) -> Tensor:
    """(e - mean) A^T: where rows [token, d_model] stand on the map, [token, component]."""
    return (rows - components.mean) @ components.axes.T


def row_lengths(table: Tensor, origin: Tensor | None = None) -> Tensor:
    """|e - o| of every row [token]; a row of zeros counts as 1 long.

    Column by column, as sqrt(e.e - 2 e.o + o.o): no second table is made.
    """
    squared = torch.zeros(len(table), dtype=table.dtype)
    for column in table.T:
        squared.addcmul_(column, column)
    if origin is not None:
        squared += origin @ origin - 2 * (table @ origin)
    lengths = squared.clamp(min=0).sqrt()
    return lengths.where(lengths > 0, 1)


def cosines(table: Tensor, vector: Tensor, lengths: Tensor | None = None) -> Tensor:
    """E v / (|E| |v|): cosine of a vector [d_model] with every row, [token].

    Args:
        table: embedding matrix [token, d_model].
        vector: any, [d_model].
        lengths: of the rows [token], where they are known.
    """
    lengths = row_lengths(table) if lengths is None else lengths
    return table @ F.normalize(vector, dim=0) / lengths


def centred_cosines(table: Tensor, vector: Tensor, mean: Tensor, lengths: Tensor) -> Tensor:
    """(E - m)(v - m) / (|E - m| |v - m|), [token]; `lengths` are those of E - m."""
    direction = F.normalize(vector - mean, dim=0)
    return (table @ direction - mean @ direction) / lengths


def mean_cosine(table: Tensor, lengths: Tensor) -> float:
    """Of two different rows: (|sum of all unit rows|^2 - n) / (n (n - 1))."""
    n, total = len(table), (1 / lengths) @ table
    return float((total @ total - n) / max(1, n * (n - 1)))


def nearest(similarity: Tensor, count: int, leave_out: tuple[int, ...] = ()) -> Tensor:
    """Indices of the `count` highest similarities [token], best first, but for those left out."""
    kept = similarity.clone()
    kept[list(leave_out)] = -torch.inf
    return kept.topk(min(count, len(kept) - len(set(leave_out)))).indices


def analogy(table: Tensor, a: int, b: int, c: int, lengths: Tensor | None = None) -> Tensor:
    """Cosine of every row with a - b + c, each of length 1 first, [token].

    3CosAdd of Mikolov et al. (aclanthology.org/N13-1090).
    """
    one, taken, added = F.normalize(table[[a, b, c]], dim=1)
    return cosines(table, one - taken + added, lengths)


def added(table: Tensor, a: int, c: int, lengths: Tensor | None = None) -> Tensor:
    """Cosine of every row with a + c, each of length 1 first, [token]: nothing is taken away."""
    return cosines(table, F.normalize(table[[a, c]], dim=1).sum(0), lengths)
