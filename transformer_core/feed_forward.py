"""The feed-forward network: each token is thought about on its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch.nn.functional as F
from torch import Tensor, nn

from transformer_core.config import TransformerConfig
from transformer_core.linear import Linear


def gelu_tanh(x: Tensor) -> Tensor:
    """x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) (arXiv 1606.08415, section 2)."""
    return F.gelu(x, approximate="tanh")


ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "relu": F.relu,
    "gelu": F.gelu,
    "gelu_tanh": gelu_tanh,
    "swiglu": F.silu,
}


@dataclass(frozen=True)
class FeedForwardTrace:
    """Every step of one feed-forward network.

    pre_activation and hidden [batch, position, d_ff]: before and after the activation; up, the same
    shape, is the ungated half of SwiGLU and None elsewhere; output [batch, position, d_model].
    """

    pre_activation: Tensor
    up: Tensor | None
    hidden: Tensor
    output: Tensor


class FeedForward(nn.Module):
    """activation(x W_up + b_up) W_down + b_down (arXiv 1706.03762, eq. 2; GELU: 1606.08415)."""

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        self.activation = ACTIVATIONS[config.activation]
        self.up_proj = Linear(config.d_model, config.d_ff, config.feed_forward_bias)
        self.down_proj = Linear(config.d_ff, config.d_model, config.feed_forward_bias)

    def forward(self, x: Tensor) -> Tensor:
        """[batch, position, d_model] to the same."""
        return self.down_proj(self.activation(self.up_proj(x)))

    def trace(self, x: Tensor) -> FeedForwardTrace:
        """The same, every step kept."""
        pre_activation = self.up_proj(x)
        hidden = self.activation(pre_activation)
        return FeedForwardTrace(pre_activation, None, hidden, self.down_proj(hidden))


class GatedFeedForward(FeedForward):
    """(silu(x W_gate) * x W_up) W_down: SwiGLU (arXiv 2002.05202, eq. 6)."""

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__(config)
        self.gate_proj = Linear(config.d_model, config.d_ff, config.feed_forward_bias)

    def forward(self, x: Tensor) -> Tensor:
        """[batch, position, d_model] to the same."""
        return self.down_proj(self.activation(self.gate_proj(x)) * self.up_proj(x))

    def trace(self, x: Tensor) -> FeedForwardTrace:
        """The same, every step kept."""
        pre_activation, up = self.gate_proj(x), self.up_proj(x)
        hidden = self.activation(pre_activation) * up
        return FeedForwardTrace(pre_activation, up, hidden, self.down_proj(hidden))


def feed_forward(config: TransformerConfig) -> FeedForward:
    """The network that the config's activation asks for."""
    return GatedFeedForward(config) if config.is_gated else FeedForward(config)
