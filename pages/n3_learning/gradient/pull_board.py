"""The loss of the reader's text on the chosen model, and the gradient of each logit."""

from __future__ import annotations

from functools import lru_cache
from typing import TypedDict

import torch
from torch import Tensor

from pages.n3_learning.gradient.descents import SHOWN, places_of_right
from transformer_core.lens.gradient_step import followed, logit_gradient
from transformer_core.lens.prediction import token_losses
from ui.known_models import catalogue
from ui.models import load, trace
from ui.serving.component import component
from ui.serving.transport import pack
from ui.state import Reader

FOLLOWED = 6


class PullHeader(TypedDict):
    """A text, the tokens that are followed at each position, and what autograd differs by at most.

    token: looked at, from 0, -1 where the address names none; n: tokens of the whole text.
    """

    model: str
    pieces: list[str]
    candidates: list[list[str]]
    token: int
    vocab: int
    gap: float
    n: int


class PullArrays(TypedDict):
    """nats [token - 1]; p and autograd [token, candidate]; right [token], its place, last -1."""

    nats: Tensor
    p: Tensor
    autograd: Tensor
    right: Tensor


def show_pull_board(reader: Reader) -> None:
    """What each token costs, and where it pulls the logits."""
    header, arrays = _pulls(reader.model_name, reader.token_ids[:SHOWN])
    token = -1 if reader.chosen_token is None else reader.chosen_token
    full: PullHeader = {**header, "token": token, "n": len(reader.token_ids)}
    component(__file__)(key="pull-board", data=pack(full, arrays))


@lru_cache(maxsize=64)
def _pulls(model_name: str, ids: tuple[int, ...]) -> tuple[PullHeader, PullArrays]:
    """One pass, and autograd's gradient of the sum of all costs with respect to each logit."""
    loaded, token_ids = load(model_name), torch.tensor(ids)
    logits = trace(model_name, ids).logits[0].clone().requires_grad_()
    nats = token_losses(logits, token_ids)
    autograd = torch.zeros_like(logits)
    if len(ids) > 1:
        (autograd,) = torch.autograd.grad(nats.sum(), logits)
    with torch.inference_mode():
        candidates = followed(logits, token_ids, FOLLOWED)
        formula = logit_gradient(logits[:-1], token_ids[1:])
        gap = float((formula - autograd[:-1]).abs().max()) if len(ids) > 1 else 0.0
        arrays: PullArrays = {
            "nats": nats.detach(),
            "p": logits.softmax(-1).gather(-1, candidates),
            "autograd": autograd.gather(-1, candidates),
            "right": places_of_right(candidates, token_ids),
        }
    header: PullHeader = {
        "model": catalogue().offered[model_name].title,
        "pieces": loaded.tokenizer.pieces(list(ids)),
        "candidates": [loaded.tokenizer.pieces(row) for row in candidates.tolist()],
        "token": -1,
        "vocab": loaded.config.vocab_size,
        "gap": gap,
        "n": len(ids),
    }
    return header, arrays
