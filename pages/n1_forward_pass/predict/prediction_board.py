"""The Predict lesson's picture: ranked logits of every position, packed for the browser."""

from __future__ import annotations

from typing import Literal, TypedDict

import streamlit as st
import torch
from torch import Tensor

from pages.n1_forward_pass.predict.sampling_settings import RANGES, SamplingSettings, read_settings
from transformer_core.lens.norm_arithmetic import norm_steps
from transformer_core.lens.prediction import rank_logits, ranks
from transformer_core.lens.residual_stream import output_rows
from transformer_core.norms import LayerNorm, RMSNorm
from transformer_core.transformer import Transformer, TransformerTrace
from ui.models import load, trace
from ui.serving.component import component
from ui.serving.transport import pack
from ui.state import Reader, settings_named

SHOWN = 64  # tokens; what is predicted after a token does not depend on the tokens after it
LISTED = 14  # next tokens in the list
EXACT = 256  # first logits that go as 32-bit floats; the rest as 16-bit floats
REST = 46_000  # so many numbers for the rest, of all positions together
WIDTH = 192  # numbers of a vector that are drawn


class PredictionHeader(TypedDict):
    """Which tokens the numbers belong to, and the reader's settings.

    `listed` [position][rank]: ids of the likeliest; `mentioned`: the ids of the output rows; the
    token that `next` came in the text after each position, but the last.
    """

    pass_key: str
    pieces: tuple[str, ...]
    token: int
    listed: list[list[int]]
    mentioned: list[int]
    mentioned_pieces: list[str]
    next_ids: tuple[int, ...]
    next_ranks: list[int]
    next_logits: list[float]
    group: int
    vocab: int
    d_model: int
    norm: Literal["layer_norm", "rms_norm", "none"]
    tied: bool
    settings: SamplingSettings


class PredictionArrays(TypedDict):
    """Logits from the largest on: the `first` one by one, the `rest` in groups.

    `before` and `x`: the last layer's vector before and after the final norm; `norm`: of the first
    number, see `final_norm_numbers`.
    """

    first: Tensor  # [position, rank]
    rest: Tensor  # [position, group]
    before: Tensor  # [position, number]
    norm: Tensor  # [position, 5]
    x: Tensor  # [position, number]
    rows: Tensor  # [mentioned token, number]


def show_prediction_board(reader: Reader) -> None:
    """Logits to probabilities; repeated draws; the whole vocabulary by rank."""
    settings, notices = read_settings(settings_named(*RANGES))
    if notices:
        st.caption("  \n".join(notices))
    traced = trace(reader.model_name, reader.token_ids[:SHOWN])
    component(__file__)(key="prediction-board", data=pack_predictions(reader, traced, settings))
    say_how_many(reader)


def say_how_many(reader: Reader) -> None:
    """A long text is shown by its first tokens."""
    if len(reader.token_ids) > SHOWN:
        st.caption(
            f"Only the first {SHOWN} of {len(reader.token_ids)} tokens are shown. What the model "
            "predicts there does not depend on the tokens after them."
        )


def pack_predictions(reader: Reader, traced: TransformerTrace, settings: SamplingSettings) -> bytes:
    """Ranked logits [position, rank], final vectors, and the output rows of all tokens listed."""
    loaded = load(reader.model_name)
    config, ids = loaded.config, reader.token_ids[:SHOWN]
    following = reader.token_ids[1 : len(ids) + 1]
    with torch.inference_mode():
        logits = traced.logits[0]
        ranking = rank_logits(logits, EXACT, REST // len(ids))
        listed = ranking.token_ids[:, :LISTED].tolist()
        mentioned = sorted({i for row in listed for i in row} | set(following))
        rows = output_rows(loaded.model)[mentioned, :WIDTH]
        came = torch.tensor(following, dtype=torch.long)
        told = logits[: len(following)]
    header: PredictionHeader = {
        "pass_key": f"{reader.model_name} {ids}",
        "pieces": reader.pieces[:SHOWN],
        "token": min(reader.token, len(ids) - 1),
        "listed": listed,
        "mentioned": mentioned,
        "mentioned_pieces": loaded.tokenizer.pieces(mentioned),
        "next_ids": following,
        "next_ranks": ranks(told, came).tolist(),
        "next_logits": told.gather(-1, came[:, None])[:, 0].tolist(),
        "group": ranking.group,
        "vocab": config.vocab_size,
        "d_model": config.d_model,
        "norm": norm_name(loaded.model),
        "tied": config.tied_embeddings,
        "settings": settings,
    }
    arrays: PredictionArrays = {
        "first": ranking.first.float(),
        "rest": ranking.rest.half(),
        "before": traced.blocks[-1].resid_post[0, :, :WIDTH].half(),
        "norm": final_norm_numbers(loaded.model, traced),
        "x": traced.final_norm[0, :, :WIDTH].half(),
        "rows": rows.half(),
    }
    return pack(header, arrays)


def norm_name(model: Transformer) -> Literal["layer_norm", "rms_norm", "none"]:
    """Which norm stands before the logits; a post-norm model has none."""
    if isinstance(model.final_norm, LayerNorm):
        return "layer_norm"
    return "rms_norm" if isinstance(model.final_norm, RMSNorm) else "none"


@torch.inference_mode()
def final_norm_numbers(model: Transformer, traced: TransformerTrace) -> Tensor:
    """Of each vector: its first number before the norm, mean, spread, gain, bias; [position, 5]."""
    x, norm = traced.blocks[-1].resid_post[0], model.final_norm
    if not isinstance(norm, LayerNorm | RMSNorm):
        return torch.zeros(len(x), 5)
    steps = norm_steps(norm, x)
    bias = torch.zeros(()) if norm.bias is None else norm.bias[0]
    gain_and_bias = torch.stack([norm.gain[0], bias])
    columns = [x[:, :1], steps.mean, steps.spread, gain_and_bias.expand(len(x), 2)]
    return torch.cat(columns, dim=-1).float()
