"""The Residual lesson's picture: each token's stream, what is added to it, and every norm."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NotRequired, TypedDict

import streamlit as st
import torch
from torch import Tensor

from transformer_core.lens.logit_lens import logit_lens
from transformer_core.lens.residual_stream import pushes, summands
from ui.models import HEAVY_PASSES, LoadedModel, load, trace
from ui.serving.component import component
from ui.serving.transport import pack
from ui.state import Reader

SHOWN = 64  # tokens; a token's stream does not depend on the tokens after it, so none is falsified


class ResidualHeader(TypedDict):
    """Words: `guesses` [layer][token] if the pass stopped there, `top` [token][first, second]."""

    run: str
    pieces: list[str]
    layer: int
    token: int
    n_layers: int
    eps: float
    position: str
    norm: str
    guesses: list[list[str]]
    top: list[list[str]]


class ResidualArrays(TypedDict):
    """added [summand, token, d_model]; pushes [first or second, summand, token].

    gain and bias are [norm, d_model], in the order of the norms, and guessed is [layer, token].
    """

    added: Tensor
    pushes: Tensor
    gain: Tensor
    guessed: Tensor
    bias: NotRequired[Tensor]


@dataclass(frozen=True)
class BoardNumbers:
    """What depends on the text and the model only."""

    guesses: list[list[str]]
    top: list[list[str]]
    arrays: ResidualArrays


def show_residual_board(reader: Reader) -> None:
    """One lane from embedding to prediction, its sum vector by vector, and one norm in numbers."""
    token_ids = reader.token_ids[:SHOWN]
    component(__file__)(
        key="residual-board", data=pack_board(reader, numbers_of(reader.model_name, token_ids))
    )
    if len(reader.token_ids) > SHOWN:
        st.caption(
            f"Drawn for the first {SHOWN} of {len(reader.token_ids)} tokens; their vectors do not "
            "depend on what comes after them."
        )


def pack_board(reader: Reader, numbers: BoardNumbers) -> bytes:
    """The message for the reader's place in the text and the model."""
    config, n = load(reader.model_name).config, min(len(reader.token_ids), SHOWN)
    header: ResidualHeader = {
        "run": f"{reader.model_name} {reader.token_ids[:SHOWN]}",
        "pieces": list(reader.pieces[:SHOWN]),
        "layer": reader.layer,
        "token": min(reader.token, n - 1),
        "n_layers": config.n_layers,
        "eps": config.norm_eps,
        "position": config.position,
        "norm": config.norm,
        "guesses": numbers.guesses,
        "top": numbers.top,
    }
    return pack(header, numbers.arrays)


@lru_cache(maxsize=16)
def numbers_of(model_name: str, token_ids: tuple[int, ...]) -> BoardNumbers:
    """`board_numbers` of a model by its name, kept."""
    return board_numbers(load(model_name), token_ids)


def board_numbers(loaded: LoadedModel, token_ids: tuple[int, ...]) -> BoardNumbers:
    """Run the model, and read its stream, its norms and what it would have said early."""
    model, traced = loaded.model, trace(loaded.name, token_ids)
    with HEAVY_PASSES, torch.inference_mode():
        likely = traced.logits[0].topk(2).indices
        lens = logit_lens(model, traced)
        towards = torch.stack([pushes(model, traced, likely[:, i]) for i in (0, 1)])
        norms = [each for b in model.blocks for each in (b.attention_norm, b.feed_forward_norm)]
        norms.append(model.final_norm)
        arrays: ResidualArrays = {
            "added": summands(traced).half(),
            "pushes": towards.float(),
            "gain": torch.stack([norm.gain for norm in norms]).float(),
            "guessed": lens.probabilities.float(),
        }
        if getattr(norms[0], "bias", None) is not None:
            arrays["bias"] = torch.stack([norm.bias for norm in norms]).float()

    def words(ids: Tensor) -> list[list[str]]:
        return [loaded.tokenizer.pieces(row) for row in ids.tolist()]

    return BoardNumbers(words(lens.token_ids), words(likely), arrays)
