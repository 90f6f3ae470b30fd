"""Linear attention: without the softmax, the sums over keys can be made before a query comes.

phi(q) (phi(k)^T v) instead of (phi(q) phi(k)^T) v: the same product, its brackets moved
(Katharopoulos et al. 2020, arXiv 2006.16236). Shapes: q, k [batch, head, position, d_key],
v [batch, head, position, d_value].
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor


def phi(x: Tensor) -> Tensor:
    """elu(x) + 1: every number positive, so that weights are (arXiv 2006.16236, eq. 7)."""
    return F.elu(x) + 1


def by_pairs(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """A weight for every pair, as attention has: n^2 of them (arXiv 2006.16236, eq. 8)."""
    weights = (phi(q) @ phi(k).mT).tril()
    return weights @ v / weights.sum(-1, keepdim=True)


def by_state(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """One token after another, with a state of fixed size (arXiv 2006.16236, eq. 16 to 20).

    S_t = S_{t-1} + phi(k_t)^T v_t,  z_t = z_{t-1} + phi(k_t),
    o_t = phi(q_t) S_t / (phi(q_t) z_t).
    """
    state = q.new_zeros(*q.shape[:2], q.shape[3], v.shape[3])
    total = q.new_zeros(*q.shape[:2], q.shape[3], 1)
    outputs = []
    for q_t, k_t, v_t in zip(phi(q).split(1, 2), phi(k).split(1, 2), v.split(1, 2), strict=True):
        state = state + k_t.mT @ v_t
        total = total + k_t.mT
        outputs.append(q_t @ state / (q_t @ total))
    return torch.cat(outputs, dim=2)
