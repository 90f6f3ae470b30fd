"""The reader's sentence at each snapshot of a training, beside what counting would predict."""

from __future__ import annotations

from functools import lru_cache
from typing import TypedDict

import torch
from torch import Tensor

from pages.n3_learning.snapshots.kept_steps import (
    STORIES,
    model_at,
    pair_statistics,
    story_prompt,
    story_steps,
)
from transformer_core.lens.learning import Counted, Look, count_for, look_at
from transformer_core.shipped_vocabulary import load_shipped
from ui.models import HEAVY_PASSES
from ui.serving.component import component
from ui.serving.transport import pack
from ui.state import Reader

MOST_TOKENS = 32
TOP = 6  # next tokens of each list


class Guess(TypedDict):
    """A next token and its probability."""

    piece: str
    p: float


class StepData(TypedDict):
    """A snapshot: how far the training was, its list of next tokens, and its recorded sample."""

    step: int
    tokens: int
    top: list[Guess]
    sample: str


class StepsHeader(TypedDict):
    """The sentence in fable-tiny's tokens; the same lists by counting; `prompt` of the samples."""

    pieces: list[str]
    left_out: int
    steps: list[StepData]
    unigram: list[Guess]
    bigram: list[Guess]
    prompt: str


class StepsArrays(TypedDict):
    """weights [step, layer, head, query, key]; losses [step, position - 1]; counted_losses
    [unigram and bigram, position - 1]; distances [step, 3], KL from each statistic in nats."""

    weights: Tensor
    losses: Tensor
    counted_losses: Tensor
    distances: Tensor


def show_steps_board(reader: Reader) -> None:
    """All steps in one message: dragging asks the server nothing."""
    ids, left_out = sentence_ids(reader.text)
    component(__file__)(key="steps-board", data=pack_steps(ids, left_out))


def sentence_ids(text: str) -> tuple[tuple[int, ...], int]:
    """The text in fable-tiny's own tokens, at most MOST_TOKENS, and how many are left out."""
    ids = load_shipped().encode(text)
    return tuple(ids[:MOST_TOKENS]), max(0, len(ids) - MOST_TOKENS)


@lru_cache(maxsize=8)
def looks(ids: tuple[int, ...]) -> tuple[list[Look], Counted]:
    """The sentence at each snapshot, and by counting."""
    token_ids = torch.tensor(ids)
    counted = count_for(pair_statistics(), token_ids)
    with HEAVY_PASSES, torch.inference_mode():
        models = (model_at(STORIES / step["folder"]) for step in story_steps())
        return [look_at(model, token_ids, counted) for model in models], counted


def pack_steps(ids: tuple[int, ...], left_out: int) -> bytes:
    """What the board is told."""
    seen, counted = looks(ids)
    after = torch.tensor(ids)[1:, None]
    header: StepsHeader = {
        "pieces": load_shipped().pieces(list(ids)),
        "left_out": left_out,
        "steps": [
            {
                "step": step["step"],
                "tokens": step["tokens_seen"],
                "top": likeliest(look.probabilities),
                "sample": step["sample"].removeprefix(story_prompt()),
            }
            for step, look in zip(story_steps(), seen, strict=True)
        ],
        "unigram": likeliest(counted.unigram[-1]),
        "bigram": likeliest(counted.bigram[-1]),
        "prompt": story_prompt(),
    }
    tables = (counted.unigram, counted.bigram)
    costs = [-table[:-1].gather(1, after)[:, 0].log() for table in tables]
    arrays: StepsArrays = {
        "weights": torch.stack([look.weights for look in seen]).half(),
        "losses": torch.stack([look.losses for look in seen]),
        "counted_losses": torch.stack(costs),
        "distances": torch.stack([look.distances for look in seen]),
    }
    return pack(header, arrays)


def likeliest(probabilities: Tensor) -> list[Guess]:
    """The most probable tokens, the first one first."""
    best = probabilities.topk(TOP)
    pieces = load_shipped().pieces(best.indices.tolist())
    return [{"piece": t, "p": p} for t, p in zip(pieces, best.values.tolist(), strict=True)]
