"""One trace as the numbers that the first screen shows of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from pages.n1_forward_pass.at_a_glance.pass_message import PassArrays
from transformer_core.lens.logit_lens import LayerGuess
from transformer_core.transformer import TransformerTrace

GUESSES = 8  # likeliest next tokens per position
SHOWN = 48  # of the d_model or d_ff numbers of a vector, the first so many are sent
NEURONS = 4  # strongest hidden units per layer

Arrays = dict[str, np.ndarray]


def trace_rows(trace: TransformerTrace, lens: LayerGuess) -> PassArrays:
    """Everything that the picture shows of the trace's first sequence, and of its logit lens."""
    blocks = trace.blocks
    stream = _by_position(blocks, _STREAM)
    hidden = _by_position(blocks, (lambda b: b.feed_forward.hidden,))
    norms = _by_position(blocks, _NORMS, SHOWN)
    sizes = stream.norm(dim=-1)
    strips = torch.cat((stream[:, :, 1:, :SHOWN], norms, hidden[..., :SHOWN]), dim=2)
    return PassArrays(
        **_guesses(trace, lens),
        **_embedding(trace),
        **{name: _heads(blocks, name, len(stream)) for name in ("q", "k", "v")},
        **_small_numbers(_STRIPS, strips.permute(2, 0, 1, 3)),
        **_small_numbers(("final_norm",), trace.final_norm[:, :, :SHOWN]),
        size=sizes.numpy(),
        norm_input=_norm_input(stream, sizes).numpy(),
        neurons=_strongest(hidden[:, :, 0]).numpy(),
        shares=_shares(torch.stack([b.attention.weights[0] for b in blocks])),
        last_logits=trace.logits[0, -1].half().numpy(),
    )


# Of each block: the stream before it, then each summand and the stream after it.
_STREAM: tuple[Callable[[Any], Tensor], ...] = (
    lambda b: b.resid_pre,
    lambda b: b.attention.output,
    lambda b: b.resid_mid,
    lambda b: b.feed_forward.output,
    lambda b: b.resid_post,
)
_NORMS: tuple[Callable[[Any], Tensor], ...] = (
    lambda b: b.attention_norm,
    lambda b: b.feed_forward_norm,
)
# The names of what lies side by side in `strips`, in its order.
_STRIPS = (
    *("attention_output", "resid_mid", "feed_forward_output", "resid_post"),
    *("attention_norm", "feed_forward_norm", "hidden"),
)


def _by_position(
    blocks: Sequence[Any], picks: Sequence[Callable[[Any], Tensor]], shown: int | None = None
) -> Tensor:
    """[position, layer, pick, number]."""
    rows = torch.stack([pick(block)[0, :, :shown] for block in blocks for pick in picks], dim=1)
    return rows.unflatten(1, (len(blocks), len(picks)))


def _guesses(trace: TransformerTrace, lens: LayerGuess) -> Arrays:
    """The tokens, the likeliest to follow each, and what each layer would have guessed."""
    logits = trace.logits[0]
    best = logits.topk(GUESSES)
    return {
        "token_ids": trace.token_ids[0].int().numpy(),
        "next_ids": best.indices.int().numpy(),
        "next_logits": best.values.numpy(),
        "log_sum": logits.logsumexp(-1).numpy(),
        "lens_ids": lens.token_ids.T.int().numpy(),
        "lens_shares": lens.probabilities.T.numpy(),
    }


def _embedding(trace: TransformerTrace) -> Arrays:
    token, whole = trace.token_embedded[0], trace.embedded[0]
    summands = torch.stack((token, whole - token, whole))
    names = ("token_embedded", "position_added", "embedded")
    shown = dict(zip(names, summands[..., :SHOWN].half().numpy(), strict=True))
    return shown | {"embedding_size": summands.norm(dim=-1).T.numpy()}


def _heads(blocks: Sequence[Any], name: str, n: int) -> np.ndarray:
    """Queries, keys or values of the last n positions, [position, layer, head, number].

    With a cache, keys and values also hold the past.
    """
    heads = torch.stack([getattr(b.attention, name)[0, :, -n:] for b in blocks])
    return heads.permute(2, 0, 1, 3).half().numpy()


def _shares(weights: Tensor) -> np.ndarray:
    """Of [layer, head, query, key], each query's row over itself and all before it."""
    n, keys = weights.shape[-2:]
    seen = np.flatnonzero(np.tri(n, keys, keys - n, dtype=bool))
    return (
        (weights * 65_535)
        .round()
        .numpy()
        .astype(np.uint16)
        .reshape(*weights.shape[:2], n * keys)[..., seen]
    )


def _small_numbers(names: Sequence[str], values: Tensor) -> Arrays:
    """Of [name, position, ..., number], as 8-bit steps of a scale for each vector."""
    scale = values.abs().amax(dim=-1, keepdim=True).clamp(min=1e-12) / 127
    steps = (values / scale).round().to(torch.int8).contiguous().numpy()
    scales = scale[..., 0].contiguous().numpy()
    named = {name: steps[k] for k, name in enumerate(names)}
    return named | {f"{name}_scale": scales[k] for k, name in enumerate(names)}


def _norm_input(stream: Tensor, sizes: Tensor) -> Tensor:
    """Mean, deviation and root mean square of what the two norms read, [position, layer, 2, 3]."""
    mean = stream[:, :, 0:3:2].mean(-1)
    square = sizes[:, :, 0:3:2].square() / stream.shape[-1]
    deviation = (square - mean.square()).clamp(min=0).sqrt()
    return torch.stack((mean, deviation, square.sqrt()), dim=-1)


def _strongest(hidden: Tensor) -> Tensor:
    """Index and value of the hidden units of largest magnitude, [position, layer, unit, 2].

    One by one with NumPy's `argmax`, which takes a third of the time of torch's `topk`.
    """
    left, found = hidden.abs(), []
    for _ in range(NEURONS):
        found.append(torch.from_numpy(left.numpy().argmax(-1, keepdims=True)))
        left.scatter_(-1, found[-1], -1)
    strongest = torch.cat(found, dim=-1)
    return torch.stack((strongest.float(), hidden.gather(-1, strongest)), dim=-1)
