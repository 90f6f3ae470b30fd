"""The Residual lesson's picture: each token's stream, what is added to it, and every norm."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NotRequired, TypedDict

import streamlit as st
import torch
from torch import Tensor

from pages.n1_forward_pass.residual.word_vectors import SHOWN, WORDS, WordVectors, words_of
from transformer_core.lens.residual_stream import MASSIVE, pushes, summands, times_as_long
from ui.models import HEAVY_PASSES, LoadedModel, load, trace
from ui.serving.address import base_path
from ui.serving.component import component
from ui.serving.transport import pack
from ui.state import Reader


class Massive(TypedDict):
    """A token whose stream is far longer than the others', after the layers `first` to `last`.

    Its length and the others' median after the layer where it is longest.
    """

    token: int
    first: int
    last: int
    length: float
    others: float


class ResidualHeader(TypedDict):
    """Words: `guesses` [layer][word sent] if the pass stopped there, `top` [token][first, second].

    `sent`: the tokens whose vectors are here, others are asked for at `vectors`.
    """

    run: str
    pieces: list[str]
    layer: int
    token: int
    n_layers: int
    eps: float
    position: str
    norm: str
    sent: tuple[int, ...]
    vectors: str
    sentence: dict[str, str]
    guesses: list[list[str]]
    top: list[list[str]]
    massive: Massive | None


class ResidualArrays(TypedDict):
    """lengths [summand, token] of the streams; pushes [first or second, summand, token].

    gain and bias are [norm, d_model], in the order of the norms.
    """

    lengths: Tensor
    pushes: Tensor
    gain: Tensor
    bias: NotRequired[Tensor]


@dataclass(frozen=True)
class TextNumbers:
    """What depends on the text and the model only."""

    top: list[list[str]]
    massive: Massive | None
    arrays: ResidualArrays


def show_residual_board(reader: Reader) -> None:
    """One lane from embedding to prediction, its sum vector by vector, and one norm in numbers."""
    component(__file__)(key="residual-board", data=pack_board(reader))
    if len(reader.token_ids) > SHOWN:
        st.caption(
            f"Drawn for the first {SHOWN} of {len(reader.token_ids)} tokens; their vectors do not "
            "depend on what comes after them."
        )


def pack_board(reader: Reader) -> bytes:
    """The message for the reader's place in the text and the model."""
    loaded, ids = load(reader.model_name), reader.token_ids[:SHOWN]
    config, n = loaded.config, len(ids)
    token = min(reader.token, n - 1)
    sent = tuple(range(n)) if loaded.is_small else (token,)
    numbers, words = text_numbers(loaded, ids), words_of(loaded, ids, sent)
    header: ResidualHeader = {
        "run": f"{reader.model_name} {ids}",
        "pieces": list(reader.pieces[:SHOWN]),
        "layer": reader.layer,
        "token": token,
        "n_layers": config.n_layers,
        "eps": config.norm_eps,
        "position": config.position,
        "norm": config.norm,
        "sent": sent,
        "vectors": f"{base_path()}{WORDS}",
        "sentence": reader.sentence,
        "guesses": words.guesses,
        "top": numbers.top,
        "massive": numbers.massive,
    }
    vectors: WordVectors = words.arrays
    return pack(header, {**numbers.arrays, **vectors})


@lru_cache(maxsize=16)
def text_numbers(loaded: LoadedModel, token_ids: tuple[int, ...]) -> TextNumbers:
    """Run the model; how long the streams are, what pushes, and the norms' weights."""
    model, traced = loaded.model, trace(loaded.name, token_ids)
    with HEAVY_PASSES, torch.inference_mode():
        likely = traced.logits[0].topk(2).indices
        towards = torch.stack([pushes(model, traced, likely[:, i]) for i in (0, 1)])
        norms = [each for b in model.blocks for each in (b.attention_norm, b.feed_forward_norm)]
        norms.append(model.final_norm)
        lengths = summands(traced).cumsum(0).norm(dim=-1)
        arrays: ResidualArrays = {
            "lengths": lengths.float(),
            "pushes": towards.float(),
            "gain": _short(torch.stack([norm.gain for norm in norms])),
        }
        if norms[0].bias is not None:
            arrays["bias"] = _short(torch.stack([norm.bias for norm in norms]))
    top = [loaded.tokenizer.pieces(row) for row in likely.tolist()]
    return TextNumbers(top, _massive(lengths[2::2]), arrays)


def _short(numbers: Tensor) -> Tensor:
    """As 16-bit floats where that loses nothing, as with weights that are published so."""
    halves = numbers.half()
    return halves if torch.equal(halves.to(numbers.dtype), numbers) else numbers.float()


def _massive(lengths: Tensor) -> Massive | None:
    """Of streams [layer, token]."""
    times, token = times_as_long(lengths)
    layers = (times > MASSIVE).nonzero()[:, 0].tolist()
    if not layers:
        return None
    longest = int(times.argmax())
    return {
        "token": token,
        "first": layers[0],
        "last": layers[-1],
        "length": float(lengths[longest, token]),
        "others": float(lengths[longest, token] / times[longest]),
    }
