"""What the browser asks of the whole matrix: a row's nearest, rows around it, a search.

One answer compares a vector with every row, which takes some 10 ms for 49,152 rows of 576 numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from typing import TypedDict

import torch
from torch import Tensor

from pages.n1_forward_pass.embed.context import packed_context
from pages.n1_forward_pass.embed.embedding_table import (
    DRAWN,
    EMBEDDINGS,
    lengths,
    packed_table,
    places,
    table,
    version,
)
from pages.n1_forward_pass.embed.token_search import search
from pages.n1_forward_pass.embed.word_arithmetic import packed_sum, packed_verdicts
from pages.n1_forward_pass.embed.word_graph import (
    MOST_ADDED,
    packed_graph,
    packed_sight,
    packed_walk,
)
from transformer_core.lens.embedding_map import centred_cosines, cosines, nearest
from ui.models import LoadedModel, load
from ui.serving.address import whole_number
from ui.serving.data import Answer, data_route
from ui.serving.transport import pack

NEIGHBOURS, HITS = 8, 8
BINS, LOW, HIGH = 60, -0.5, 1.0  # of the histogram of cosines


class NearHeader(TypedDict):
    """A token and its nearest, best first; and of its cosines with the `n` others the average, one
    that only one in a hundred exceeds (`high`), the highest, and how many lie in each bin.
    """

    piece: str
    ids: list[int]
    pieces: list[str]
    cosines: list[float]
    n: int
    mean: float
    high: float
    best: float
    bins: list[int]


class NearArrays(TypedDict):
    """Where the token (first) and its nearest stand on the map, [token, component]; its cosines
    with the tokens that are drawn, as 16-bit floats.
    """

    places: Tensor
    similar: Tensor


class FoundHeader(TypedDict):
    """Tokens that hold a text, best first; where they stand on the map goes beside it."""

    ids: list[int]
    pieces: list[str]


class AroundHeader(TypedDict):
    """A row's neighbours in the table, above and below, by id."""

    ids: list[int]
    pieces: list[str]


def similar_to(loaded: LoadedModel, token_id: int, centred: bool = False) -> Tensor:
    """Cosine of a token's row with every row, [token]; `centred`: the average row taken away."""
    rows, known = table(loaded), lengths(loaded)
    if centred:
        return centred_cosines(rows, rows[token_id], known.mean, known.apart)
    return cosines(rows, rows[token_id], known.plain)


@lru_cache(maxsize=256)
def packed_near(loaded: LoadedModel, token_id: int, centred: bool) -> bytes:
    """The nearest of a row, and how unusual they are."""
    similar = similar_to(loaded, token_id, centred)
    ids = nearest(similar, NEIGHBOURS, (token_id,)).tolist()
    others = torch.cat((similar[:token_id], similar[token_id + 1 :]))
    ordered = others.sort().values
    spread = others.clamp(LOW, HIGH).histc(BINS, LOW, HIGH)
    header: NearHeader = {
        "piece": loaded.tokenizer.pieces([token_id])[0],
        "ids": ids,
        "pieces": loaded.tokenizer.pieces(ids),
        "cosines": similar[ids].tolist(),
        "n": len(others),
        "mean": float(others.mean()),
        "high": float(ordered[int(len(others) * 0.99)]),
        "best": float(ordered[-1]),
        "bins": [int(n) for n in spread.tolist()],
    }
    arrays: NearArrays = {
        "places": places(loaded, [token_id, *ids]),
        "similar": similar[:DRAWN].half(),
    }
    return pack(header, arrays)


def packed_hits(loaded: LoadedModel, text: str) -> bytes:
    """The tokens that hold a text."""
    ids = search(loaded, text, HITS)
    header: FoundHeader = {"ids": ids, "pieces": loaded.tokenizer.pieces(ids)}
    return pack(header, {"places": places(loaded, ids)})


def packed_around(loaded: LoadedModel, token_id: int) -> bytes:
    """Rows above and below one of the table, with it, as 16-bit floats."""
    rows = table(loaded)
    ids = [i for i in (token_id - 1, token_id, token_id + 1) if 0 <= i < len(rows)]
    header: AroundHeader = {"ids": ids, "pieces": loaded.tokenizer.pieces(ids)}
    return pack(header, {"rows": rows[ids].half()})


def _id(loaded: LoadedModel, asked: Mapping[str, str]) -> int:
    """A token of the address; the first where it names none."""
    return known_id(asked.get("id", ""), loaded.config.vocab_size) or 0


def known_id(raw: str, count: int) -> int | None:
    """A token id of an address; None where it names none."""
    found = whole_number(raw)
    return found if found is not None and found < count else None


def _added(loaded: LoadedModel, asked: Mapping[str, str]) -> tuple[int, ...]:
    """Token ids written as `12.345.7`; what is none is passed over."""
    found = (known_id(raw, loaded.config.vocab_size) for raw in asked.get("added", "").split("."))
    return tuple(i for i in found if i is not None)[:MOST_ADDED]


def _answer(
    made: Callable[[LoadedModel, Mapping[str, str]], bytes], asked: Mapping[str, str]
) -> Answer:
    """A browser keeps what it got while it is asked for this version."""
    loaded = load(asked["name"])
    return Answer(made(loaded, asked), keep=asked["version"] == version(loaded))


ANSWERS: dict[str, Callable[[LoadedModel, Mapping[str, str]], bytes]] = {
    "table": lambda loaded, _: packed_table(loaded),
    "near": lambda loaded, asked: packed_near(
        loaded, _id(loaded, asked), asked.get("centred") == "true"
    ),
    "around": lambda loaded, asked: packed_around(loaded, _id(loaded, asked)),
    "search": lambda loaded, asked: packed_hits(loaded, asked.get("text", "")),
    "sum": lambda loaded, asked: packed_sum(loaded, [asked.get(term, "") for term in "abc"]),
    "verdicts": lambda loaded, _: packed_verdicts(loaded),
    "graph": lambda loaded, asked: packed_graph(loaded, _added(loaded, asked)),
    "walk": lambda loaded, asked: packed_walk(
        loaded, _added(loaded, asked), _id(loaded, asked), whole_number(asked.get("ef", "")) or 0
    ),
    "sight": lambda loaded, asked: packed_sight(loaded, _added(loaded, asked)),
    "context": lambda loaded, asked: packed_context(
        loaded, asked.get("word", ""), [asked.get(each, "") for each in "abc"]
    ),
}
ROUTES = [
    data_route(f"{EMBEDDINGS}/{{version}}/{{name:path}}/{part}", partial(_answer, made))
    for part, made in ANSWERS.items()
]
