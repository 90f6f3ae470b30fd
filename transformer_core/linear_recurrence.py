"""A gated linear recurrence where a Transformer has attention.

Its new state is linear in the old one, so all positions can be computed at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import log

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from transformer_core.config import TransformerConfig
from transformer_core.linear import Linear
from transformer_core.transformer import Transformer

OverTime = Callable[[Tensor, Tensor], Tensor]


def one_by_one(a: Tensor, b: Tensor) -> Tensor:
    """h_t = a_t * h_{t-1} + b_t, position after position, from h = 0; [batch, position, d]."""
    h, states = torch.zeros_like(b[:, 0]), []
    for a_t, b_t in zip(a.unbind(1), b.unbind(1), strict=True):
        h = a_t * h + b_t
        states.append(h)
    return torch.stack(states, 1)


def scan(a: Tensor, b: Tensor) -> Tensor:
    """The same in 2 log2(n) rounds, as two steps are one of the same form.

    h_t = a_t a_{t-1} h_{t-2} + a_t b_{t-1} + b_t: down the recursion pairs become one step, and on
    the way back each of them gets its own state.

    It only multiplies and adds as the loop does, so decays from 0 to 1 are stable at any length
    (Blelloch 1990, "Prefix Sums and Their Applications", 1.4; as in arXiv 1709.04057).
    """
    n = a.shape[1]
    if n == 1:
        return b
    if n % 2:
        return scan(F.pad(a, (0, 0, 0, 1)), F.pad(b, (0, 0, 0, 1)))[:, :n]
    (a_even, a_odd), (b_even, b_odd) = (x.unflatten(1, (-1, 2)).unbind(2) for x in (a, b))
    odd = scan(a_odd * a_even, a_odd * b_even + b_odd)
    even = a_even * F.pad(odd[:, :-1], (0, 0, 1, 0)) + b_even
    return torch.stack((even, odd), 2).flatten(1, 2)


class Recurrence(nn.Module):
    """h_t = a_t * h_{t-1} + (1 - a_t) * x_t W_v, a = sigmoid(x W_decay + b), then gated.

    The state is minGRU's (arXiv 2410.01201, 3.1), the output (gelu(x W_gate) * h) W_out Griffin's
    (arXiv 2402.19427, figure 2c); there are as many matrices [d_model, d_model] as attention has.
    At the start channel i remembers about exp(b_i) positions, from 1 to the context's length (after
    arXiv 1804.11188).

    Args:
        config: `d_model`, and the `context_length` that the slowest channel spans.
        over_time: `scan`, or the equal `one_by_one`.
    """

    def __init__(self, config: TransformerConfig, over_time: OverTime = scan) -> None:
        super().__init__()
        d = config.d_model
        self.over_time = over_time
        self.v_proj, self.decay_proj = Linear(d, d, bias=False), Linear(d, d)
        self.gate_proj, self.out_proj = Linear(d, d, bias=False), Linear(d, d, bias=False)
        self.decay_proj.bias = nn.Parameter(torch.linspace(0, log(config.context_length), d))

    def forward(self, x: Tensor, mask: None = None, cache: None = None) -> Tensor:
        """[batch, position, d_model] to the same; for neither another mask nor a cache."""
        a = self.decay_proj(x).float().sigmoid()  # bfloat16 has no number between 0.996 and 1
        h = self.over_time(a, (1 - a) * self.v_proj(x))
        return self.out_proj(F.gelu(self.gate_proj(x)) * h)


def linear_recurrence(config: TransformerConfig, over_time: OverTime = scan) -> Transformer:
    """A Transformer without positions whose blocks have a `Recurrence` in attention's place."""
    model = Transformer(replace(config, position="none"))
    for block in model.blocks:
        block.attention = Recurrence(config, over_time)
    return model
