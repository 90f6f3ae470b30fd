"""One word's stream: all that is added to it, and what the model would guess after each layer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypedDict

import torch
from torch import Tensor

from transformer_core.lens.logit_lens import layer_guesses
from transformer_core.lens.residual_stream import summands
from ui.models import HEAVY_PASSES, LoadedModel, load, trace
from ui.serving.data import Answer, data_route
from ui.serving.transport import pack
from ui.state import read_state

SHOWN = 64  # tokens; a token's stream does not depend on the tokens after it, so none is falsified
WORDS = "/app/static/residual/word"  # below the app's own address
COARSE = 1_000.0  # from here on, what 16 bits leave of a number shows beside the others


class WordHeader(TypedDict):
    """The words sent, by their tokens, and what the model would guess of each: [layer][word]."""

    sent: tuple[int, ...]
    guesses: list[list[str]]


class WordVectors(TypedDict):
    """added [summand, word, d_model], 16-bit floats; guessed [layer, word].

    Of a vector with numbers beyond COARSE, `rest` [vector, d_model] is what the 16 bits left out,
    and `rest_at` [vector, 2] its summand and word.
    """

    added: Tensor
    guessed: Tensor
    rest: Tensor
    rest_at: Tensor


@dataclass(frozen=True)
class Words:
    """Of some words of a text."""

    guesses: list[list[str]]
    arrays: WordVectors


@lru_cache(maxsize=64)
def words_of(loaded: LoadedModel, token_ids: tuple[int, ...], tokens: tuple[int, ...]) -> Words:
    """Their vectors and early guesses; the logit lens for these words alone, as it is costly."""
    traced, chosen = trace(loaded.name, token_ids), list(tokens)
    with HEAVY_PASSES, torch.inference_mode():
        added = summands(traced)[:, chosen]
        stream = torch.stack([block.resid_post[0, chosen] for block in traced.blocks])
        lens = layer_guesses(loaded.model, stream)
        coarse = added.half()
        large = (added.abs().amax(-1) > COARSE).nonzero()
        rest = (added - coarse.float())[large[:, 0], large[:, 1]]
    arrays: WordVectors = {
        "added": coarse,
        "guessed": lens.probabilities.float(),
        "rest": rest.half(),
        "rest_at": large,
    }
    return Words([loaded.tokenizer.pieces(row) for row in lens.token_ids.tolist()], arrays)


def packed_word(raw: Mapping[str, str]) -> bytes:
    """Another word of the same text."""
    now = read_state(raw)
    ids = now.token_ids[:SHOWN]
    sent = (min(now.token, len(ids) - 1),)
    words = words_of(load(now.model_name), ids, sent)
    header: WordHeader = {"sent": sent, "guesses": words.guesses}
    return pack(header, words.arrays)


ROUTES = [data_route(WORDS, lambda raw: Answer(packed_word(raw)))]
