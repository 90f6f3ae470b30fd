"""The Mask lesson's staircase: one pass over a text holds a prediction after every token of it."""

from __future__ import annotations

from functools import lru_cache
from math import exp
from typing import TypedDict

import torch

from transformer_core.lens.prediction import token_losses
from ui.models import HEAVY_PASSES, load, trace
from ui.serving.component import component
from ui.state import Reader

ROWS = 12  # tokens: as many rows as can be read at a glance


class Prediction(TypedDict):
    """After a beginning of the text: the likeliest next token, and the one that the text has.

    `p`: of each its probability; `loss`: -ln p of the text's own token, in nats.
    """

    guess: str
    guess_p: float
    real: str
    p: float
    loss: float


class OnePass(TypedDict):
    """The first tokens of `total`, and what one pass predicts after each of them but the last.

    `apart`: the largest difference of a probability from those of a pass of its own over each
    beginning; `mean`: of the losses.
    """

    pieces: tuple[str, ...]
    total: int
    predictions: list[Prediction]
    apart: float
    mean: float


def show_one_pass(now: Reader) -> None:
    """Each beginning of the text, hidden future and all, with its prediction."""
    component(__file__)(key="one-pass", data=one_pass(now))


def one_pass(now: Reader) -> OnePass:
    """What one pass under the causal mask predicts, beside the passes over each beginning."""
    ids = now.token_ids[:ROWS]
    logits = trace(now.model_name, ids).logits[0]
    predicted, losses = logits[:-1].softmax(-1), token_losses(logits, torch.tensor(ids)).tolist()
    guesses = [int(row.argmax()) for row in predicted]
    named = load(now.model_name).tokenizer.pieces(guesses)
    return {
        "pieces": now.pieces[:ROWS],
        "total": len(now.token_ids),
        "predictions": [
            {
                "guess": name,
                "guess_p": float(row.max()),
                "real": piece,
                "p": exp(-loss),
                "loss": loss,
            }
            for name, row, piece, loss in zip(
                named, predicted, now.pieces[1:ROWS], losses, strict=True
            )
        ],
        "apart": largest_difference(now.model_name, ids),
        "mean": sum(losses) / len(losses) if losses else 0.0,
    }


@lru_cache(maxsize=32)
def largest_difference(name: str, ids: tuple[int, ...]) -> float:
    """Between the one pass and a pass over each beginning alone, of any next-token probability."""
    model, whole = load(name).model, trace(name, ids).logits[0].softmax(-1)
    with HEAVY_PASSES, torch.inference_mode():
        alone = [model(torch.tensor([ids[: t + 1]]))[0, -1].softmax(-1) for t in range(len(ids))]
    return float((torch.stack(alone) - whole).abs().max())
