"""The loss of each token of the reader's own text, and of the whole."""

from __future__ import annotations

from math import log
from typing import TypedDict

import torch

from pages.n1_forward_pass.predict.prediction_board import SHOWN, say_how_many
from transformer_core.lens.prediction import bits, ranks, token_losses
from transformer_core.transformer import TransformerTrace
from ui.models import load, trace
from ui.serving.component import component
from ui.state import Reader

EXPECTED = 5  # likeliest tokens told for each word


class SurpriseData(TypedDict):
    """Of each token but the first: its loss in nats, rank from 0, what was expected instead.

    `entropy`: the mean loss that the model itself expects there, in nats. `mean` and
    `bits_per_byte`: None where the text has one token; `uniform`: the loss of one who knows
    nothing.
    """

    pass_key: str
    pieces: tuple[str, ...]
    nats: list[float]
    entropy: list[float]
    ranks: list[int]
    expected: list[list[tuple[str, float]]]
    mean: float | None
    uniform: float
    vocab: int
    n_bytes: int
    bits_per_byte: float | None


def show_surprise_board(reader: Reader) -> None:
    """The text with a bar over each token: its loss."""
    traced = trace(reader.model_name, reader.token_ids[:SHOWN])
    component(__file__)(key="surprise-board", data=describe_surprise(reader, traced))
    say_how_many(reader)


def describe_surprise(reader: Reader, traced: TransformerTrace) -> SurpriseData:
    """For each token but the first: its loss in nats, its rank, what was expected instead."""
    loaded, ids = load(reader.model_name), reader.token_ids[:SHOWN]
    with torch.inference_mode():
        logits = traced.logits[0]
        nats = token_losses(logits, torch.tensor(ids)).tolist()
        came = ranks(logits[:-1], torch.tensor(ids[1:], dtype=torch.long)).tolist()
        entropy = torch.special.entr(logits[:-1].softmax(-1)).sum(-1).tolist()
        best = logits[:-1].softmax(-1).topk(EXPECTED)
    pieces = loaded.tokenizer.pieces
    expected = [
        list(zip(pieces(row), shares, strict=True))
        for row, shares in zip(best.indices.tolist(), best.values.tolist(), strict=True)
    ]
    n_bytes = sum(len(loaded.tokenizer.token_bytes(i)) for i in ids[1:])
    mean = sum(nats) / len(nats) if nats else None
    return {
        "pass_key": f"{reader.model_name} {ids}",
        "pieces": reader.pieces[:SHOWN],
        "nats": nats,
        "entropy": entropy,
        "ranks": came,
        "expected": expected,
        "mean": mean,
        "uniform": log(loaded.config.vocab_size),
        "vocab": loaded.config.vocab_size,
        "n_bytes": n_bytes,
        "bits_per_byte": bits(sum(nats)) / n_bytes if n_bytes else None,
    }
