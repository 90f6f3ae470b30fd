"""The embedding matrix on its way to the browser: once per model, at an address of its own.

With it the browser finds neighbours, distributions and analogies by itself, within a frame.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from typing import TypedDict

from torch import Tensor

from transformer_core.lens.embedding_map import PrincipalComponents, principal_components
from ui.models import LoadedModel, load
from ui.serving.address import base_path
from ui.serving.data import Answer, data_route
from ui.serving.transport import pack

NUMBERS = 1_600_000  # at most: the first tokens of a larger vocabulary, which are the commoner ones

EMBEDDINGS = "/app/static/embeddings"  # below the app's own address


class TableHeader(TypedDict):
    """The first tokens of `vocab_size`; each map axis's part of the variance."""

    pieces: list[str]
    vocab_size: int
    shares: list[float]


class TableArrays(TypedDict):
    """rows [token, d_model], 16-bit, as the shipped weights are stored; mean [d_model]; axes
    [component, d_model].
    """

    rows: Tensor
    mean: Tensor
    axes: Tensor


def table(loaded: LoadedModel) -> Tensor:
    """The rows that the browser gets: all of a shipped model, [token, d_model]."""
    matrix = loaded.model.embedding.detach()
    return matrix[: NUMBERS // matrix.shape[1]]


@lru_cache(maxsize=4)
def components(loaded: LoadedModel) -> PrincipalComponents:
    """The map's axes, of those rows."""
    return principal_components(table(loaded))


@lru_cache(maxsize=4)
def packed_table(loaded: LoadedModel) -> bytes:
    """Rows, tokens and the axes of the map."""
    rows, axes = table(loaded), components(loaded)
    header: TableHeader = {
        "pieces": loaded.tokenizer.pieces(list(range(len(rows)))),
        "vocab_size": loaded.config.vocab_size,
        "shares": axes.shares.tolist(),
    }
    arrays: TableArrays = {"rows": rows.half(), "mean": axes.mean, "axes": axes.axes}
    return pack(header, arrays)


@lru_cache(maxsize=4)
def version(loaded: LoadedModel) -> str:
    """A hash of what is sent."""
    return hashlib.sha256(packed_table(loaded)).hexdigest()[:16]


def address(loaded: LoadedModel) -> str:
    """Where the browser fetches it; other weights have another address."""
    return f"{base_path()}{EMBEDDINGS}/{loaded.name}?v={version(loaded)}"


def _answer(asked: Mapping[str, str]) -> Answer:
    """A browser keeps the table while it is asked for this version."""
    loaded = load(asked["name"])
    return Answer(packed_table(loaded), keep=asked.get("v") == version(loaded))


ROUTES = [data_route(f"{EMBEDDINGS}/{{name:path}}", _answer)]
