"""One trace as rows for the first screen: all that the picture shows, a block of bytes a token."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from transformer_core.transformer import TransformerTrace

SHOWN = 48  # of the d_model or d_ff numbers of a vector, the first so many are sent
NEURONS = 4  # strongest hidden units per layer


@dataclass(frozen=True)
class Field:
    """One kind of number in a row: float16, float32 or int8 with a float32 scale per vector."""

    name: str
    type: str
    shape: tuple[int, ...]


def pack_rows(trace: TransformerTrace) -> tuple[tuple[Field, ...], tuple[bytes, ...]]:
    """Everything that the picture shows, one block of bytes per position.

    The fixed fields come first, in the order returned; then the attention weights of the position
    over itself and all before it, [layer, head, key], as 16-bit shares of 65,535.
    """
    blocks, n = trace.blocks, trace.token_ids.shape[1]
    summands = torch.stack(
        (trace.token_embedded[0], (trace.embedded - trace.token_embedded)[0], trace.embedded[0]), 1
    )
    stream = _by_position(blocks, _STREAM)
    sizes = stream.norm(dim=-1)
    hidden = _by_position(blocks, (lambda b: b.feed_forward.hidden,))
    strips = torch.cat(
        (stream[:, :, 1:, :SHOWN], _by_position(blocks, _NORMS, SHOWN), hidden[..., :SHOWN]), dim=2
    )
    parts = [
        _floats(("token_embedded", "position_added", "embedded"), "float16", summands[..., :SHOWN]),
        _floats(("embedding_size",), "float32", summands.norm(dim=-1)[:, None]),
        *_small_numbers(("final_norm",), trace.final_norm[0, :, None, :SHOWN]),
        *_small_numbers(_STRIPS, strips.transpose(1, 2)),
        *(_floats((name,), "float16", _heads(blocks, name, n)) for name in ("q", "k", "v")),
        _floats(("size",), "float32", sizes[:, None]),
        _floats(("norm_input",), "float32", _norm_input(stream, sizes)[:, None]),
        _floats(("neurons",), "float32", _strongest(hidden[:, :, 0])[:, None]),
    ]
    fixed = np.concatenate([part for _, part in parts], axis=1)
    weights = torch.stack([b.attention.weights[0] for b in blocks]).permute(2, 0, 1, 3)
    past = weights.shape[3] - n
    shares = (weights * 65_535).round().numpy().astype("<u2")
    rows = tuple(fixed[i].tobytes() + shares[i, :, :, : past + i + 1].tobytes() for i in range(n))
    return tuple(field for fields, _ in parts for field in fields), rows


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


def _heads(blocks: Sequence[Any], name: str, n: int) -> Tensor:
    """Queries, keys or values of the last n positions, [position, 1, layer, head, number].

    With a cache, keys and values also hold the past.
    """
    heads = torch.stack([getattr(b.attention, name)[0, :, -n:] for b in blocks])
    return heads.permute(2, 0, 1, 3)[:, None]


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


Part = tuple[tuple[Field, ...], np.ndarray]  # fields side by side, and their bytes [position, byte]


def _floats(names: Sequence[str], kind: str, values: Tensor) -> Part:
    """Of [position, name, ...], as floats of 16 or 32 bits."""
    if kind == "float16":
        return _part(names, kind, values.half().numpy().astype("<f2", copy=False))
    return _part(names, kind, values.numpy().astype("<f4", copy=False))


def _small_numbers(names: Sequence[str], values: Tensor) -> tuple[Part, Part]:
    """Of [position, name, ..., number], as 8-bit steps of a scale for each vector."""
    scale = values.abs().amax(dim=-1, keepdim=True).clamp(min=1e-12) / 127
    steps = (values / scale).round().to(torch.int8)
    scales = _floats([f"{name}.scale" for name in names], "float32", scale[..., 0])
    return scales, _part(names, "int8", steps.numpy())


def _part(names: Sequence[str], kind: str, values: np.ndarray) -> Part:
    fields = tuple(Field(name, kind, values.shape[2:]) for name in names)
    return fields, np.ascontiguousarray(values).reshape(len(values), -1).view(np.uint8)
