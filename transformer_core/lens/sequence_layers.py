"""Four layers that bring tokens together, alike in width, at initialisation: reach and time.

How far back the gradient of the last output reaches, and how long a layer takes on one thread.
"""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter

import torch
from torch import Tensor, nn

from transformer_core.block import PreNormBlock
from transformer_core.config import TransformerConfig
from transformer_core.lens.timing import CLOCK
from transformer_core.linear_recurrence import Recurrence
from transformer_core.positions import POSITIONS
from transformer_core.recurrent import LSTM, RNN

RNN_LAYER, LSTM_LAYER = "RNN", "LSTM"
LINEAR, ATTENTION = "linear recurrence", "Transformer layer"
NAMES = (RNN_LAYER, LSTM_LAYER, LINEAR, ATTENTION)
SHORTER = 2  # times: the length that is tried before a long one
BATCH = 8  # texts of random vectors
FEWEST, ENOUGH = 5, 0.05  # steps that are timed, and seconds for them, if there is time


@dataclass(frozen=True)
class Start:
    """How a layer begins: the RNN's recurrent matrix times `scale`, the LSTM's forget bias."""

    scale: float = 1.0
    forget_bias: float = 1.0


def make_layer(name: str, d: int, n: int, seed: int, start: Start | None = None) -> nn.Module:
    """One layer [batch, position, d] to the same, for texts of n tokens.

    All matrices are normal with deviation 1 / sqrt(d_in).
    """
    start = start or Start()
    if name == RNN_LAYER:
        rnn = RNN(d, d)
        rnn.initialise(seed, start.scale)
        return rnn
    if name == LSTM_LAYER:
        lstm = LSTM(d, d)
        lstm.initialise(seed, start.forget_bias)
        return lstm
    config = _config(d, n)
    layer: nn.Module = (
        Recurrence(config)
        if name == LINEAR
        else PreNormBlock(config, POSITIONS[config.position](config))
    )
    generator = torch.Generator().manual_seed(seed)
    for parameter in layer.parameters():
        if parameter.ndim == 2:
            nn.init.normal_(parameter, std=parameter.shape[0] ** -0.5, generator=generator)
    return layer


def _config(d: int, n: int) -> TransformerConfig:
    return TransformerConfig(
        vocab_size=1,
        context_length=n,
        d_model=d,
        n_layers=1,
        n_heads=4,
        n_kv_heads=4,
        d_ff=4 * d,
        position="rope",
        norm="rms_norm",
        bias=False,
    )


def made_up_texts(batch: int, n: int, d: int, seed: int) -> Tensor:
    """Vectors [batch, n, d] in place of words: at initialisation those of words are random, too."""
    return torch.randn(batch, n, d, generator=torch.Generator().manual_seed(seed))


def reach(layer: nn.Module, x: Tensor) -> Tensor:
    """|d (u y_n) / d x_{n-k}| for every k: y_n is the last output, u a random direction.

    Args:
        layer: [batch, position, d] to [batch, position, d].
        x: [batch, position, d].

    Returns:
        [position], mean over the batch; entry 0 is the last position itself.
    """
    x = x.detach().requires_grad_()
    last = layer(x)[:, -1]
    u = torch.randn(last.shape, generator=torch.Generator().manual_seed(0)).to(last)
    (gradient,) = torch.autograd.grad((u * last).sum(), x)
    return gradient.norm(dim=-1).mean(0).flip(0)


def reach_at_start(
    name: str, d: int, n: int, seeds: tuple[int, ...], start: Start | None = None
) -> Tensor:
    """A layer's reach as a share of that at k = 0: [n], geometric mean over the seeds.

    With 64 bits, as the shares fall below what 32 bits can hold.
    """
    logs = []
    for seed in seeds:
        layer = make_layer(name, d, n, seed, start).double()
        found = reach(layer, made_up_texts(BATCH, n, d, seed).double())
        logs.append((found / found[0]).log())
    return torch.stack(logs).mean(0).exp()


def step_seconds(layer: nn.Module, x: Tensor) -> float:
    """Forward and backward once, on the calling thread."""
    start = CLOCK()
    layer(x).sum().backward()
    taken = CLOCK() - start
    layer.zero_grad()
    return taken


def fastest_step(layer: nn.Module, x: Tensor, most: float) -> float | None:
    """The least seconds of several steps on x, which together take `most` seconds at most.

    The least is what other programs disturb least. None where one step would take too long: a
    shorter text is tried first, as the time may grow with the square of the length.
    """
    began = perf_counter()
    shorter = x[:, : max(1, x.shape[1] // SHORTER)]
    if SHORTER**2 * min(_wall_seconds(layer, shorter) for _ in range(2)) > most:
        return None
    found: list[float] = []
    longest = spent = 0.0
    while spent + longest <= most and (len(found) < FEWEST or spent < ENOUGH):
        before = perf_counter()
        found.append(step_seconds(layer, x))
        after = perf_counter()
        longest, spent = max(longest, after - before), after - began
    return min(found)


def _wall_seconds(layer: nn.Module, x: Tensor) -> float:
    """How long others would wait for one step."""
    before = perf_counter()
    layer(x).sum().backward()
    layer.zero_grad()
    return perf_counter() - before
