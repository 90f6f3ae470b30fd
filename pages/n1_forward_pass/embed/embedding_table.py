"""The embedding matrix on its way to the browser: once per model, at an address of its own.

With it the browser finds neighbours, distributions and analogies by itself, within a frame.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import lru_cache

from torch import Tensor

from transformer_core.lens.embedding_map import PrincipalComponents, principal_components
from ui.models import LoadedModel, load
from ui.serving.address import base_path
from ui.serving.data import Answer, data_route
from ui.serving.transport import pack

NUMBERS = 1_600_000  # at most: the first tokens of a larger vocabulary, which are the commoner ones

EMBEDDINGS = "/app/static/embeddings"  # below the app's own address


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
    """Rows as 16-bit floats, which is how the shipped weights are stored; tokens; map axes."""
    rows, axes = table(loaded), components(loaded)
    header = {
        "pieces": loaded.tokenizer.pieces(list(range(len(rows)))),
        "vocab_size": loaded.config.vocab_size,
        "shares": axes.shares.tolist(),
    }
    return pack(header, {"rows": rows.half(), "mean": axes.mean, "axes": axes.axes})


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
