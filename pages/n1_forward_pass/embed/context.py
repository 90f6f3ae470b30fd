"""One token in three sentences: its row is the same, its vectors after the layers are not."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TypedDict

import torch
import torch.nn.functional as F
from torch import Tensor

from pages.n1_forward_pass.embed.embedding_table import address
from ui.models import LoadedModel, load, trace
from ui.serving.component import component
from ui.serving.transport import pack
from ui.state import Reader

MOST_CHARACTERS = 120  # of a sentence, as many as a field takes
# Sentences 1 and 2 use the word in two meanings, 3 uses it as 1 does. The word stands last, since
# the models read from left to right.
EXAMPLES = (
    (
        "bank",
        "She put all her money in the bank",
        "They sat on the grass by the river bank",
        "He took his money to the bank",
    ),
    (
        "park",
        "The car had nowhere to park",
        "The children went to play in the park",
        "He drove around and could not park",
    ),
    (
        "watch",
        "She looked at the time on her watch",
        "They sat down to watch",
        "He wore a gold watch",
    ),
    (
        "ring",
        "She heard the bell ring",
        "He bought her a gold ring",
        "They heard the phone ring",
    ),
    (
        "fly",
        "The little bird can fly",
        "On the wall sat a big black fly",
        "A plane can fly",
    ),
    (
        "light",
        "She turned on the light",
        "The empty box was small and light",
        "He turned off the light",
    ),
)


class ContextExamples(TypedDict):
    """Words that are single tokens of this model, each with its three sentences."""

    table: str
    n_layers: int
    examples: list[tuple[str, str, str, str]]


class ContextHeader(TypedDict):
    """`split`: the word is no single token; `absent`: the sentences, from 1, that lack it."""

    split: bool
    absent: list[int]


class ContextArrays(TypedDict):
    """Cosines of the row and after each layer, and the vectors of the row and after the last layer.

    alike: of the word in sentences 1 and 2, and in 1 and 3, [pair, 1 + n_layers]; others: of two
    different tokens of sentences 1 and 2, on average, [1 + n_layers]; vectors [1 + 3, d_model].
    """

    alike: Tensor
    others: Tensor
    vectors: Tensor


def show_context(reader: Reader) -> None:
    """A word and three sentences to change, and how alike the word's vectors are."""
    component(__file__, "context_board")(key="context", data=context_examples(reader.model_name))


def context_examples(model_name: str) -> ContextExamples:
    """The examples whose word is a single token of this model."""
    loaded = load(model_name)
    known = [each for each in EXAMPLES if len(loaded.tokenizer.encode(f" {each[0]}")) == 1]
    return {"table": address(loaded), "n_layers": loaded.config.n_layers, "examples": known}


def packed_context(loaded: LoadedModel, word: str, sentences: Sequence[str]) -> bytes:
    """The cosines of a word's vectors in three sentences; what is missing where there are none."""
    texts = [_ids(loaded, each[:MOST_CHARACTERS].strip()) for each in sentences]
    names = _word_ids(loaded, word[:MOST_CHARACTERS].strip())
    places = [_last(ids, names) for ids in texts]
    header: ContextHeader = {
        "split": not names,
        "absent": [i + 1 for i, at in enumerate(places) if at is None],
    }
    found = [at for at in places if at is not None]
    if len(found) < len(texts):
        return pack(header, {})
    streams = [stream(loaded.name, ids) for ids in texts]
    first, *rest = (each[:, at] for each, at in zip(streams, found, strict=True))
    arrays: ContextArrays = {
        "alike": torch.stack([F.cosine_similarity(first, other, dim=-1) for other in rest]),
        "others": different_tokens(streams[0], streams[1], texts[0], texts[1]),
        "vectors": torch.stack([first[0], first[-1], *(each[-1] for each in rest)]),
    }
    return pack(header, arrays)


def stream(name: str, ids: tuple[int, ...]) -> Tensor:
    """The rows looked up, then the residual stream after each layer; [1 + layer, position, d]."""
    traced = trace(name, ids)
    after = [block.resid_post[0] for block in traced.blocks]
    return torch.stack([traced.token_embedded[0], *after])


def different_tokens(
    first: Tensor, second: Tensor, ids: tuple[int, ...], others: tuple[int, ...]
) -> Tensor:
    """Mean cosine of two different tokens, one of each text, after each layer; [1 + layer].

    The first token of a text is left out: many models keep something of their own there.
    """
    cosines = F.normalize(first[:, 1:], dim=-1) @ F.normalize(second[:, 1:], dim=-1).mT
    differ = torch.tensor(ids[1:])[:, None] != torch.tensor(others[1:])
    return (cosines * differ).sum((1, 2)) / differ.sum().clamp(min=1)


def _ids(loaded: LoadedModel, text: str) -> tuple[int, ...]:
    return tuple(loaded.tokenizer.encode(text)[: loaded.most_tokens]) if text else ()


@lru_cache(maxsize=64)
def _word_ids(loaded: LoadedModel, word: str) -> tuple[int, ...]:
    """The token of a word inside a sentence, and at its beginning, where each is a single one."""
    if not word:
        return ()
    inside, first = (tuple(loaded.tokenizer.encode(form)) for form in (f" {word}", word))
    if len(inside) > 1:
        return ()
    return inside + first if len(first) == 1 else inside


def _last(ids: tuple[int, ...], names: tuple[int, ...]) -> int | None:
    return max((at for at, token in enumerate(ids) if token in names), default=None)
