"""Two matrices with no bend between them are one matrix."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from transformer_core.feed_forward import FeedForward
from transformer_core.linear import Linear


def without_bend(network: FeedForward, x: Tensor) -> Tensor:
    """(x W_up + b_up) W_down + b_down: no activation function, and no gate.

    [..., d_model] to the same.
    """
    return network.down_proj(network.up_proj(x))


def one_matrix(network: FeedForward) -> tuple[Tensor, Tensor]:
    """W = W_up W_down and b = b_up W_down + b_down: `without_bend(x)` is x W + b for every x.

    W [d_model, d_model]; b [d_model], zeros where the network has no biases.
    """
    up, down = network.up_proj, network.down_proj
    return up.weight @ down.weight, _bias(up) @ down.weight + _bias(down)


def _bias(layer: Linear) -> Tensor:
    return torch.zeros(layer.weight.shape[1]) if layer.bias is None else layer.bias


def halfway(f: Callable[[Tensor], Tensor], a: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    """f((a + b) / 2) and (f(a) + f(b)) / 2.

    Both are the same for every f(x) = x W + b, whatever a and b are: where they differ, f is no
    matrix with a bias.
    """
    return f((a + b) / 2), (f(a) + f(b)) / 2
