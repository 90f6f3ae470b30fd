"""What read texts before attention did: a state that is carried from token to token.

`forward` is PyTorch's own layer; `trace` is the same as its formulas are written.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn


@dataclass(frozen=True)
class RNNTrace:
    """states: [batch, position, d_hidden]."""

    states: Tensor


@dataclass(frozen=True)
class LSTMTrace:
    """The three gates, what is offered to the cell, the cell, the state.

    All [batch, position, d_hidden]; of one step [batch, d_hidden]. A gate has a number from 0 to 1
    for each number of the cell.
    """

    input_gate: Tensor
    forget_gate: Tensor
    offered: Tensor
    output_gate: Tensor
    cell: Tensor
    states: Tensor


class RNN(nn.RNN):
    """h_t = tanh(W x_t + U h_{t-1} + b) (Elman 1990), from h_0 = 0."""

    weight_ih_l0: Tensor
    weight_hh_l0: Tensor
    bias_ih_l0: Tensor
    bias_hh_l0: Tensor

    def __init__(self, d_model: int, d_hidden: int) -> None:
        super().__init__(d_model, d_hidden, batch_first=True)

    def forward(self, x: Tensor) -> Tensor:  # type: ignore[override]
        """[batch, position, d_model] to the states [batch, position, d_hidden]."""
        return super().forward(x)[0]

    def trace(self, x: Tensor) -> RNNTrace:
        """The same, one step after the other."""
        h, states = x.new_zeros(len(x), self.hidden_size), []
        for x_t in x.unbind(1):
            h = rnn_step(x_t, h, self)
            states.append(h)
        return RNNTrace(torch.stack(states, 1))

    def initialise(self, seed: int, scale: float = 1.0) -> None:
        """Normal; deviation 1 / sqrt(d_in), of U `scale` times as much; biases 0."""
        _initialise(self, seed)
        with torch.no_grad():
            self.weight_hh_l0.mul_(scale)


def rnn_step(x: Tensor, h: Tensor, layer: RNN) -> Tensor:
    """h_t from x_t [batch, d_model] and h_{t-1} [batch, d_hidden]."""
    read = F.linear(x, layer.weight_ih_l0, layer.bias_ih_l0)
    kept = F.linear(h, layer.weight_hh_l0, layer.bias_hh_l0)
    return torch.tanh(read + kept)


class LSTM(nn.LSTM):
    """c_t = f_t * c_{t-1} + i_t * g_t, h_t = o_t * tanh(c_t).

    Hochreiter and Schmidhuber 1997; the forget gate f is by Gers et al. 2000.
    """

    weight_ih_l0: Tensor
    weight_hh_l0: Tensor
    bias_ih_l0: Tensor
    bias_hh_l0: Tensor

    def __init__(self, d_model: int, d_hidden: int) -> None:
        super().__init__(d_model, d_hidden, batch_first=True)

    def forward(self, x: Tensor) -> Tensor:  # type: ignore[override]
        """[batch, position, d_model] to the states [batch, position, d_hidden]."""
        return super().forward(x)[0]

    def trace(self, x: Tensor) -> LSTMTrace:
        """The same, one step after the other."""
        h = c = x.new_zeros(len(x), self.hidden_size)
        steps = []
        for x_t in x.unbind(1):
            steps.append(lstm_step(x_t, h, c, self))
            h, c = steps[-1].states, steps[-1].cell
        names = LSTMTrace.__dataclass_fields__
        return LSTMTrace(*(torch.stack([getattr(s, name) for s in steps], 1) for name in names))

    def initialise(self, seed: int, forget_bias: float = 1.0) -> None:
        """Normal; deviation 1 / sqrt(d_in); biases 0, but `forget_bias` for the forget gates.

        A bias of 1 leaves them open at first (Jozefowicz et al. 2015).
        """
        _initialise(self, seed)
        with torch.no_grad():
            self.bias_ih_l0.chunk(4)[1].fill_(forget_bias)  # PyTorch's order: i, f, g, o


def lstm_step(x: Tensor, h: Tensor, c: Tensor, layer: LSTM) -> LSTMTrace:
    """One step from x_t [batch, d_model], h_{t-1} and c_{t-1} [batch, d_hidden]."""
    read = F.linear(x, layer.weight_ih_l0, layer.bias_ih_l0)
    kept = F.linear(h, layer.weight_hh_l0, layer.bias_hh_l0)
    i, f, g, o = (read + kept).chunk(4, -1)
    i, f, g, o = i.sigmoid(), f.sigmoid(), g.tanh(), o.sigmoid()
    c = f * c + i * g
    return LSTMTrace(i, f, g, o, c, o * c.tanh())


def _initialise(layer: nn.Module, seed: int) -> None:
    generator = torch.Generator().manual_seed(seed)
    for parameter in layer.parameters():
        if parameter.ndim == 2:
            nn.init.normal_(parameter, std=parameter.shape[1] ** -0.5, generator=generator)
        else:
            nn.init.zeros_(parameter)
