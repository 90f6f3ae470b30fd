"""One trace as rows for the first screen: all that the picture shows, a block of bytes a token."""

from __future__ import annotations

from collections.abc import Callable
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
    parts: list[tuple[Field, np.ndarray]] = []

    def add(name: str, kind: str, values: Tensor) -> None:
        parts.extend(_encode(name, kind, values.numpy()))

    blocks = trace.blocks

    def layers(pick: Callable[[Any], Tensor], shown: int | None = None) -> Tensor:
        return torch.stack([pick(block)[0, :, :shown] for block in blocks], dim=1)

    add("token_embedded", "float16", trace.token_embedded[0, :, :SHOWN])
    add("position_added", "float16", (trace.embedded - trace.token_embedded)[0, :, :SHOWN])
    add("embedded", "float16", trace.embedded[0, :, :SHOWN])
    add("final_norm", "int8", trace.final_norm[0, :, :SHOWN])
    for name, pick in _VECTORS.items():
        add(name, "int8", layers(pick, SHOWN))
    for name in ("q", "k", "v"):
        start = -trace.token_ids.shape[1]  # with a cache, k and v also hold the past
        heads = torch.stack([getattr(b.attention, name)[0, :, start:] for b in blocks])
        add(name, "float16", heads.permute(2, 0, 1, 3))
    summands = (trace.token_embedded, trace.embedded - trace.token_embedded, trace.embedded)
    add("embedding_size", "float32", torch.stack([x[0].norm(dim=-1) for x in summands], dim=-1))
    add("size", "float32", torch.stack([layers(p).norm(dim=-1) for p in _SIZES], dim=-1))
    add("norm_input", "float32", _mean_and_deviation(layers))
    hidden = layers(lambda b: b.feed_forward.hidden)
    strongest = hidden.abs().topk(NEURONS, dim=-1).indices
    values = hidden.gather(-1, strongest)
    add("neurons", "float32", torch.stack((strongest.float(), values), dim=-1))
    fixed = np.concatenate([array for _, array in parts], axis=1)
    weights = torch.stack([b.attention.weights[0] for b in blocks]).permute(2, 0, 1, 3)
    past = weights.shape[3] - len(fixed)
    shares = (weights * 65_535).round().numpy().astype("<u2")
    rows = tuple(
        fixed[i].tobytes() + shares[i, :, :, : past + i + 1].tobytes() for i in range(len(fixed))
    )
    return tuple(field for field, _ in parts), rows


_VECTORS: dict[str, Callable[[Any], Tensor]] = {
    "attention_norm": lambda b: b.attention_norm,
    "attention_output": lambda b: b.attention.output,
    "resid_mid": lambda b: b.resid_mid,
    "feed_forward_norm": lambda b: b.feed_forward_norm,
    "hidden": lambda b: b.feed_forward.hidden,
    "feed_forward_output": lambda b: b.feed_forward.output,
    "resid_post": lambda b: b.resid_post,
}
_SIZES: tuple[Callable[[Any], Tensor], ...] = (
    lambda b: b.resid_pre,
    lambda b: b.attention.output,
    lambda b: b.resid_mid,
    lambda b: b.feed_forward.output,
    lambda b: b.resid_post,
)


def _mean_and_deviation(layers: Callable[[Callable[[Any], Tensor]], Tensor]) -> Tensor:
    """Mean, deviation and root mean square of what the two norms read, [position, layer, 2, 3]."""
    inputs = torch.stack((layers(lambda b: b.resid_pre), layers(lambda b: b.resid_mid)), dim=2)
    mean = inputs.mean(-1)
    deviation = (inputs - mean[..., None]).square().mean(-1).sqrt()  # Tensor.std is slower
    return torch.stack((mean, deviation, inputs.square().mean(-1).sqrt()), dim=-1)


def _encode(name: str, kind: str, values: np.ndarray) -> list[tuple[Field, np.ndarray]]:
    shape = tuple(values.shape[1:])
    if kind != "int8":
        array = np.ascontiguousarray(values, "<f2" if kind == "float16" else "<f4")
        return [(Field(name, kind, shape), array.reshape(len(values), -1).view(np.uint8))]
    scale = np.maximum(np.abs(values).max(axis=-1, keepdims=True), 1e-12) / 127
    steps = np.round(values / scale).astype(np.int8)
    return [
        *_encode(f"{name}.scale", "float32", scale[..., 0]),
        (Field(name, kind, shape), steps.reshape(len(values), -1).view(np.uint8)),
    ]
