"""Mean loss of neighbouring positions on the beginning of one book."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice, pairwise
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from transformer_core.checkpoints import load_checkpoint
from transformer_core.downloads import find_packaged
from transformer_core.lens.longer_context import STRETCHES, loss_of_long_text
from transformer_core.published.local_models import load_published
from transformer_core.shipped_vocabulary import load_shipped
from transformer_core.tokenizer import Tokenizer
from transformer_core.training.corpus import CorpusError, held_out
from transformer_core.training.experiments.experiment import Place
from transformer_core.training.experiments.stretched_rope.setting import (
    FACTOR,
    PUBLISHED,
    SOURCE,
    TRAINED,
    Setting,
)
from transformer_core.transformer import Transformer


@dataclass(frozen=True)
class Measurement:
    """Loss in nats per token in each bin, and how the book begins."""

    nats: tuple[float, ...]
    begins: str


def measure(setting: Setting, place: Place) -> Measurement:
    """Each token of the book's beginning from all before it."""
    published = setting.model == PUBLISHED
    model, tokenizer = _published() if published else _shipped(place.models / setting.model)
    long_enough = books(place.tokens, tokenizer, setting.read)
    ids = next(islice(long_enough, setting.book, None), None)
    if ids is None:
        raise CorpusError(f"No {setting.book + 1} books of {setting.read} tokens are held out.")
    loss = loss_of_long_text(STRETCHES[setting.line](model, FACTOR), ids)
    nats = tuple(round(float(mean), 4) for mean in loss.view(-1, setting.bin).mean(-1))
    return Measurement(nats, tokenizer.decode(ids[:16].tolist()))


def books(tokens: Path, tokenizer: Tokenizer, read: int) -> Iterator[Tensor]:
    """The first `read` + 1 tokens of each held-out book that has so many, [position]."""
    shipped = load_shipped()
    held = held_out(tokens, SOURCE).tokens
    ends = [-1, *np.flatnonzero(held == shipped.end_of_text).tolist()]
    for before, end in pairwise(ends):
        book = shipped.decode(held[before + 1 : end].tolist())
        ids = tokenizer.encode(book.strip()[: 8 * read])
        if len(ids) > read:
            yield torch.tensor(ids[: read + 1])


@cache
def _published() -> tuple[Transformer, Tokenizer]:
    path = find_packaged()
    if path is None:
        raise CorpusError("SmolLM2 is not installed: see requirements-model.txt.")
    model, tokenizer = load_published(path)
    if model.config.context_length != TRAINED:
        raise CorpusError(f"{path.name} was not trained on {TRAINED} positions.")
    return model, tokenizer


def _shipped(folder: Path) -> tuple[Transformer, Tokenizer]:
    return load_checkpoint(folder), load_shipped()
