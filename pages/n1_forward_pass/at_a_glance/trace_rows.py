"""One trace as the numbers that the first screen shows of it, row by row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from transformer_core.transformer import TransformerTrace

GUESSES = 8  # likeliest next tokens per position
SHOWN = 48  # of the d_model or d_ff numbers of a vector, the first so many are sent
NEURONS = 4  # strongest hidden units per layer

Arrays = dict[str, np.ndarray]


@dataclass(frozen=True)
class TraceRows:
    """The numbers of a pass: [position, layer, ...] all but the last.

    A row never changes when a token is appended, because no token sees the future. Of vectors as
    wide as the model or the MLP, the first numbers; 8-bit numbers are steps of the vector's scale.
    """

    token_ids: NDArray[np.int32]  # [position], as all before `stream` have no layer
    next_ids: NDArray[np.int32]  # the likeliest next tokens, [position, guess]
    next_logits: NDArray[np.float32]
    log_sum: NDArray[np.float32]  # logarithm of the sum of e^logit over the vocabulary
    token_embedded: NDArray[np.float16]
    position_added: NDArray[np.float16]
    embedded: NDArray[np.float16]
    embedding_size: NDArray[np.float32]  # lengths of these three
    final_norm: NDArray[np.int8]
    final_norm_scale: NDArray[np.float32]
    stream: NDArray[np.float32]  # after each layer, whole
    q: NDArray[np.float16]  # [position, layer, head, number]
    k: NDArray[np.float16]
    v: NDArray[np.float16]
    attention_norm: NDArray[np.int8]  # [position, layer, number], as the six below
    attention_norm_scale: NDArray[np.float32]
    attention_output: NDArray[np.int8]
    attention_output_scale: NDArray[np.float32]
    resid_mid: NDArray[np.int8]
    resid_mid_scale: NDArray[np.float32]
    feed_forward_norm: NDArray[np.int8]
    feed_forward_norm_scale: NDArray[np.float32]
    hidden: NDArray[np.int8]
    hidden_scale: NDArray[np.float32]
    feed_forward_output: NDArray[np.int8]
    feed_forward_output_scale: NDArray[np.float32]
    resid_pre: NDArray[np.int8]
    resid_pre_scale: NDArray[np.float32]
    resid_post: NDArray[np.int8]
    resid_post_scale: NDArray[np.float32]
    size: NDArray[np.float32]  # lengths of x, attention, x + that, MLP, x + that
    norm_input: NDArray[np.float32]  # mean, deviation, root mean square of both norms' input
    neurons: NDArray[np.float32]  # index and value of the strongest
    shares: NDArray[np.uint16]  # of 65,535, [layer, head, n (n + 1) / 2]: row after row

    def followed_by(self, new: TraceRows, kept: int) -> TraceRows:
        """The first `kept` positions of these, then the new ones, which have seen those."""
        both = {
            name: np.concatenate((ours[:kept], vars(new)[name]))
            for name, ours in vars(self).items()
            if name != "shares"
        }
        seen = self.shares[..., : kept * (kept + 1) // 2]
        shares = np.concatenate((seen, new.shares), axis=-1)
        return TraceRows(**both, shares=shares)

    def weights(self) -> NDArray[np.uint16]:
        """The shares as squares, [layer, head, query, key]; 0 where the mask hides."""
        n = len(self.token_ids)
        square = np.zeros((*self.shares.shape[:2], n, n), np.uint16)
        square[..., np.tri(n, dtype=bool)] = self.shares
        return square


def trace_rows(trace: TransformerTrace) -> TraceRows:
    """Everything that the picture shows of the trace's first sequence."""
    blocks = trace.blocks
    stream = _by_position(blocks, _STREAM)
    hidden = _by_position(blocks, (lambda b: b.feed_forward.hidden,))
    norms = _by_position(blocks, _NORMS, SHOWN)
    sizes = stream.norm(dim=-1)
    strips = torch.cat((stream[..., :SHOWN], norms, hidden[..., :SHOWN]), dim=2)
    return TraceRows(
        **_guesses(trace),
        **_embedding(trace),
        **{name: _heads(blocks, name, len(stream)) for name in ("q", "k", "v")},
        **_small_numbers(_STRIPS, strips.permute(2, 0, 1, 3)),
        **_small_numbers(("final_norm",), trace.final_norm[:, :, :SHOWN]),
        stream=stream[:, :, -1].contiguous().numpy(),
        size=sizes.numpy(),
        norm_input=_norm_input(stream, sizes).numpy(),
        neurons=_strongest(hidden[:, :, 0]).numpy(),
        shares=_shares(torch.stack([b.attention.weights[0] for b in blocks])),
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
    *("resid_pre", "attention_output", "resid_mid", "feed_forward_output", "resid_post"),
    *("attention_norm", "feed_forward_norm", "hidden"),
)


def _by_position(
    blocks: Sequence[Any], picks: Sequence[Callable[[Any], Tensor]], shown: int | None = None
) -> Tensor:
    """[position, layer, pick, number]."""
    rows = torch.stack([pick(block)[0, :, :shown] for block in blocks for pick in picks], dim=1)
    return rows.unflatten(1, (len(blocks), len(picks)))


def _guesses(trace: TransformerTrace) -> Arrays:
    """The tokens, and the likeliest to follow each."""
    logits = trace.logits[0]
    best = logits.topk(GUESSES)
    return {
        "token_ids": trace.token_ids[0].int().numpy(),
        "next_ids": best.indices.int().numpy(),
        "next_logits": best.values.numpy(),
        "log_sum": logits.logsumexp(-1).numpy(),
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
