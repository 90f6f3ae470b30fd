"""The embedding matrix for the browser: a picture of it and a map, once per model.

Of a large vocabulary the map holds the first tokens only; whatever else a reader looks for is asked
of the whole matrix (embedding_answers.py).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import TypedDict

import torch
from torch import Tensor

from transformer_core.lens.embedding_map import (
    PrincipalComponents,
    mean_cosine,
    principal_components,
    project,
    row_lengths,
)
from ui.models import LoadedModel
from ui.serving.address import base_path
from ui.serving.transport import pack

DRAWN = 4_096  # tokens on the map: merged first, and so among the commonest
LINES, NUMBERS = 512, 64  # rows of the table that its picture has room for, and numbers of each

EMBEDDINGS = "/app/static/embeddings"  # below the app's own address


class TableHeader(TypedDict):
    """The first tokens of `vocab_size`, which are drawn, and each map axis's part of the variance.

    `typical`: the mean cosine of two rows of the whole table; `lines`: the ids of the picture's
    rows, with their pieces.
    """

    pieces: list[str]
    vocab_size: int
    shares: list[float]
    typical: float
    lines: list[int]
    line_pieces: list[str]


class TableArrays(TypedDict):
    """Where the drawn tokens stand on the map, [token, component]; the picture, [line, number]."""

    places: Tensor
    picture: Tensor


@dataclass(frozen=True)
class Lengths:
    """What cosines with every row need: lengths of the rows, and of the rows less their mean."""

    mean: Tensor
    plain: Tensor
    apart: Tensor


def table(loaded: LoadedModel) -> Tensor:
    """All rows, [token, d_model]."""
    return loaded.model.embedding.detach()


def drawn(loaded: LoadedModel) -> Tensor:
    """The rows that are on the map: all of a shipped model, [token, d_model]."""
    return table(loaded)[:DRAWN]


@lru_cache(maxsize=4)
def components(loaded: LoadedModel) -> PrincipalComponents:
    """The map's axes, of the rows that are on it."""
    return principal_components(drawn(loaded))


@lru_cache(maxsize=4)
def lengths(loaded: LoadedModel) -> Lengths:
    """Of all rows."""
    rows = table(loaded)
    mean = rows.mean(0)
    return Lengths(mean, row_lengths(rows), row_lengths(rows, mean))


@lru_cache(maxsize=4)
def packed_table(loaded: LoadedModel) -> bytes:
    """The map and the picture."""
    rows, axes, pieces = table(loaded), components(loaded), loaded.tokenizer.pieces
    n = len(rows)
    lines = [(2 * i + 1) * n // (2 * min(LINES, n)) for i in range(min(LINES, n))]
    header: TableHeader = {
        "pieces": pieces(list(range(min(DRAWN, n)))),
        "vocab_size": n,
        "shares": axes.shares.tolist(),
        "typical": mean_cosine(rows, lengths(loaded).plain),
        "lines": lines,
        "line_pieces": pieces(lines),
    }
    arrays: TableArrays = {
        "places": project(drawn(loaded), axes).half(),
        "picture": rows[lines, :NUMBERS].half(),
    }
    return pack(header, arrays)


@lru_cache(maxsize=4)
def version(loaded: LoadedModel) -> str:
    """A hash of what is sent."""
    return hashlib.sha256(packed_table(loaded)).hexdigest()[:16]


def address(loaded: LoadedModel) -> str:
    """Below it the browser asks for all of this; other weights have another address."""
    return f"{base_path()}{EMBEDDINGS}/{version(loaded)}/{loaded.name}"


def places(loaded: LoadedModel, ids: list[int]) -> Tensor:
    """Where tokens stand on the map, [token, component]."""
    with torch.inference_mode():
        return project(table(loaded)[ids], components(loaded))
