"""A small graph of common words, in which the near ones of a word are searched (HNSW)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from statistics import mean
from typing import TypedDict

import numpy as np
from torch import Tensor

from pages.n1_forward_pass.embed.embedding_table import places, table
from transformer_core.nearest_neighbours import NavigableGraph, exact_nearest, recall, unit
from ui.models import HEAVY_PASSES, LoadedModel
from ui.serving.transport import pack

NEAREST = 5  # that are wanted, beside the word itself
IN_SIGHT = (6, 12, 24)  # ef of a search, to choose from
MOST_ADDED = 24  # tokens of the reader's sentence
COMMON = """
man woman boy girl child baby mother father brother sister son daughter uncle king queen friend
teacher doctor people family name dog cat horse cow pig sheep bird fish bear lion mouse fox duck
animal house home room door window wall floor roof kitchen garden bed table chair book pen paper
letter picture story song music game school city town village street road bridge river lake sea
ocean island mountain hill forest tree flower leaf grass field farm sky sun moon star cloud rain
snow wind fire water ice stone gold silver iron wood glass red blue green yellow black white brown
pink orange purple big small large little long short tall high low old young new good bad happy sad
angry afraid hot cold warm cool fast slow strong weak hard soft rich poor clean dark light one two
three four five six seven eight nine ten hundred thousand first second third Monday Tuesday
Wednesday Thursday Friday Saturday Sunday January March April June July August October December day
night morning evening week month year hour minute today yesterday bread cake milk cheese egg apple
fruit rice meat soup tea coffee sugar salt food head face eye ear nose mouth hand arm leg foot heart
blood France Germany Italy Spain England China Japan India Russia Canada Mexico Paris London Rome
Berlin Tokyo walk run jump swim fly sit stand eat drink sleep read write speak talk say tell see
look hear feel think know want need like love hate give take make break open close buy sell car
train bus ship boat plane wheel engine computer phone number money market bank army war peace law
science history language
"""


class GraphHeader(TypedDict):
    """The words in the order of their insertion, the highest level of each, and the links of each
    level as pairs of words. Words are numbered from 0.
    """

    ids: list[int]
    pieces: list[str]
    levels: list[int]
    entry: int
    m: int
    links: list[list[tuple[int, int]]]
    vocab_size: int


class VisitData(TypedDict):
    """One step of a search: the word whose links are followed, those that it was compared with,
    and the nearest so far.
    """

    level: int
    node: int
    compared: list[int]
    found: list[int]


class WalkHeader(TypedDict):
    """A search for a token: its steps, what it found beside the token itself, the true nearest.

    comparisons: cosines that it computed; cosines: with each word of the graph, for the eye only.
    """

    id: int
    piece: str
    ef: int
    visits: list[VisitData]
    nearest: list[int]
    true: list[int]
    comparisons: int
    cosines: list[float]


class SightRow(TypedDict):
    """Means over a search for each word of the graph."""

    ef: int
    recall: float
    compared: float


class SightHeader(TypedDict):
    """One row for each ef."""

    rows: list[SightRow]


@dataclass(frozen=True)
class WordGraph:
    """Tokens by id, and the graph of their rows."""

    ids: tuple[int, ...]
    graph: NavigableGraph


@lru_cache(maxsize=4)
def common_ids(loaded: LoadedModel) -> tuple[int, ...]:
    """The words above that are single tokens of this model, the commonest tokens first."""
    cut = [loaded.tokenizer.encode(f" {word}") for word in COMMON.split()]
    return tuple(sorted({ids[0] for ids in cut if len(ids) == 1}))


@lru_cache(maxsize=16)
def word_graph(loaded: LoadedModel, added: tuple[int, ...]) -> WordGraph:
    """Common words and then tokens of the reader's, inserted one by one."""
    ids = tuple(dict.fromkeys((*common_ids(loaded), *added[:MOST_ADDED])))
    with HEAVY_PASSES:
        return WordGraph(ids, NavigableGraph(table(loaded)[list(ids)].numpy()))


def packed_graph(loaded: LoadedModel, added: tuple[int, ...]) -> bytes:
    """The graph and where its words stand on the map."""
    made = word_graph(loaded, added)
    graph = made.graph
    pairs = [
        sorted({(min(a, b), max(a, b)) for a, others in links.items() for b in others})
        for links in graph.links
    ]
    header: GraphHeader = {
        "ids": list(made.ids),
        "pieces": loaded.tokenizer.pieces(list(made.ids)),
        "levels": graph.levels,
        "entry": graph.entry,
        "m": graph.m,
        "links": pairs,
        "vocab_size": len(table(loaded)),
    }
    arrays: dict[str, Tensor] = {"places": places(loaded, list(made.ids))}
    return pack(header, arrays)


def walk(loaded: LoadedModel, added: tuple[int, ...], token_id: int, ef: int) -> WalkHeader:
    """The search for a token's nearest, step by step."""
    made = word_graph(loaded, added)
    row = table(loaded)[token_id].numpy()
    vectors = made.graph.vectors
    found = made.graph.search(row, NEAREST + 1, ef)
    itself = {made.ids.index(token_id)} if token_id in made.ids else set()
    return {
        "id": token_id,
        "piece": loaded.tokenizer.pieces([token_id])[0],
        "ef": ef,
        "visits": [
            {
                "level": visit.level,
                "node": visit.node,
                "compared": list(visit.compared),
                "found": list(visit.found),
            }
            for visit in found.visits
        ],
        "nearest": _others(list(found.nearest), itself),
        "true": _others(exact_nearest(vectors, row, NEAREST + 1), itself),
        "comparisons": found.comparisons,
        "cosines": np.round(vectors @ unit(row), 4).tolist(),
    }


def _others(found: list[int], itself: set[int]) -> list[int]:
    return [node for node in found if node not in itself][:NEAREST]


@lru_cache(maxsize=16)
def sight_rows(loaded: LoadedModel, added: tuple[int, ...]) -> tuple[SightRow, ...]:
    """What each ef costs and finds, over a search for each word of the graph."""
    made = word_graph(loaded, added)
    with HEAVY_PASSES:
        return tuple(_sight_row(made.graph, ef) for ef in IN_SIGHT)


def _sight_row(graph: NavigableGraph, ef: int) -> SightRow:
    parts, compared = [], []
    for node, row in enumerate(graph.vectors):
        found = graph.search(row, NEAREST + 1, ef)
        true = _others(exact_nearest(graph.vectors, row, NEAREST + 1), {node})
        parts.append(recall(_others(list(found.nearest), {node}), true))
        compared.append(found.comparisons)
    return {"ef": ef, "recall": mean(parts), "compared": mean(compared)}


def packed_walk(loaded: LoadedModel, added: tuple[int, ...], token_id: int, ef: int) -> bytes:
    """For the board; an odd ef is the first."""
    return pack(walk(loaded, added, token_id, ef if ef in IN_SIGHT else IN_SIGHT[0]), {})


def packed_sight(loaded: LoadedModel, added: tuple[int, ...]) -> bytes:
    """For the board."""
    header: SightHeader = {"rows": list(sight_rows(loaded, added))}
    return pack(header, {})
