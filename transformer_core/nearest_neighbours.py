"""Near vectors found in a graph, without a comparison with all of them.

Hierarchical navigable small world graphs, HNSW (Malkov and Yashunin 2018, arXiv 1603.09320). Every
vector is a node of level 0; a few are on level 1 as well, fewer on level 2, and so on. On each
level a node is linked to some that are near. A search goes from link to link, from the top down.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from math import floor, log

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float32]  # [d]
Vectors = NDArray[np.float32]  # [node, d]
Near = tuple[float, int]  # a distance and the node at it


@dataclass(frozen=True)
class Visit:
    """One step of a search: the links of `node` on a level are followed.

    compared: the nodes whose distance was measured for it; found: the nearest so far, best first.
    """

    level: int
    node: int
    compared: tuple[int, ...]
    found: tuple[int, ...]


@dataclass(frozen=True)
class Search:
    """The nearest that were found, best first, and each step on the way."""

    nearest: tuple[int, ...]
    visits: tuple[Visit, ...]

    @property
    def comparisons(self) -> int:
        """How many distances were measured, that of the entry included."""
        return 1 + sum(len(visit.compared) for visit in self.visits)


@dataclass
class NavigableGraph:
    """Vectors [node, d] linked on levels; distance is 1 - cosine, from 0 to 2.

    Args:
        vectors: in the order in which they are inserted.
        m: links that a new node gets on each level; a node keeps at most m of them, on level 0 2 m.
        ef: how many near nodes are kept in sight while links are sought (efConstruction).
        seed: of the levels.
    """

    vectors: Vectors
    m: int = 6
    ef: int = 32
    seed: int = 0
    levels: list[int] = field(init=False)
    links: list[dict[int, list[int]]] = field(init=False)
    entry: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        self.vectors = unit(self.vectors)
        self.levels = draw_levels(len(self.vectors), self.m, self.seed)
        self.links = [{} for _ in range(1 + max(self.levels))]
        for node in range(len(self.vectors)):
            self._insert(node)

    def distances(self, query: Vector, nodes: list[int]) -> list[float]:
        """1 - cosine of a vector of length 1 with each of some nodes."""
        return list((1 - self.vectors[nodes] @ query).tolist())

    def search(self, query: Vector, count: int, ef: int) -> Search:
        """The `count` nearest of a vector [d]: Algorithm 5 of the paper.

        Args:
            query: any vector but one of zeros.
            count: how many are wanted.
            ef: how many near nodes are kept in sight on level 0, at least `count`: with more, fewer
                of the nearest are missed, and more nodes are compared.
        """
        query = unit(query)
        near = self._near(query, [self.entry])
        visits: list[Visit] = []
        for level in range(self.levels[self.entry], 0, -1):
            near = self._search_level(query, near, 1, level, visits)
        near = self._search_level(query, near, max(ef, count), 0, visits)
        return Search(tuple(node for _, node in near[:count]), tuple(visits))

    def _insert(self, node: int) -> None:
        """Algorithm 1: walk down to the node's own level, then link it on each from there."""
        query, top = self.vectors[node], self.levels[self.entry]
        near = self._near(query, [self.entry])
        for level in range(top, self.levels[node], -1):
            near = self._search_level(query, near, 1, level)
        for level in range(min(top, self.levels[node]) if node else -1, -1, -1):
            near = self._search_level(query, near, self.ef, level)
            self.links[level][node] = self._choose(near, self.m)
            for other in self.links[level][node]:
                self._link_back(other, node, level)
        for level in range(self.levels[node] + 1):
            self.links[level].setdefault(node, [])
        if self.levels[node] > top:
            self.entry = node

    def _link_back(self, node: int, new: int, level: int) -> None:
        """Links go both ways; of too many the ones chosen anew stay."""
        links, most = self.links[level], self.m if level else 2 * self.m
        links[node].append(new)
        if len(links[node]) > most:
            links[node] = self._choose(self._near(self.vectors[node], links[node]), most)

    def _search_level(
        self,
        query: Vector,
        near: list[Near],
        ef: int,
        level: int,
        visits: list[Visit] | None = None,
    ) -> list[Near]:
        """Algorithm 2: follow the links of the nearest node that is not yet visited, until it is
        farther away than all `ef` that were found. Returns these, nearest first.
        """
        found, waiting = sorted(near)[:ef], sorted(near)
        seen = {node for _, node in near}
        while waiting:
            distance, node = heappop(waiting)
            if distance > found[-1][0] and len(found) == ef:
                break
            new = [other for other in self.links[level][node] if other not in seen]
            seen.update(new)
            for each in self._near(query, new):
                if len(found) < ef or each < found[-1]:
                    heappush(waiting, each)
                    insort(found, each)
                    del found[ef:]
            if visits is not None:
                visits.append(Visit(level, node, tuple(new), tuple(other for _, other in found)))
        return found

    def _choose(self, near: list[Near], count: int) -> list[int]:
        """Algorithm 4: a node is linked unless one that is already linked is nearer to it.

        So links lead in different directions, not all into the same cluster. The paper's option to
        fill up with those left out is not taken.
        """
        chosen: list[int] = []
        for distance, node in near:
            if len(chosen) < count and all(
                distance < other for other in self.distances(self.vectors[node], chosen)
            ):
                chosen.append(node)
        return chosen

    def _near(self, query: Vector, nodes: list[int]) -> list[Near]:
        """Nodes with their distances, nearest first."""
        return sorted(zip(self.distances(query, nodes), nodes, strict=True))


def unit(vectors: Vectors) -> Vectors:
    """Each vector [..., d] divided by its length; one of zeros stays."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return (vectors / np.where(lengths > 0, lengths, 1)).astype(np.float32)


def draw_levels(count: int, m: int, seed: int) -> list[int]:
    """The highest level of each node: floor(-ln(u) / ln(m)), with u uniform between 0 and 1.

    So of all nodes one in m is on level 1, one in m^2 on level 2: Algorithm 1 with m_L = 1 / ln(m).
    """
    uniform = 1 - np.random.default_rng(seed).random(count)
    return [floor(-log(u) / log(m)) for u in uniform]


def exact_nearest(vectors: Vectors, query: Vector, count: int) -> list[int]:
    """The true nearest of a vector [d] among all [node, d], each compared; best first."""
    return list((-unit(vectors) @ unit(query)).argsort(kind="stable")[:count].tolist())


def recall(found: Sequence[int], true: Sequence[int]) -> float:
    """The part of the true nearest that was found, from 0 to 1."""
    return len(set(found) & set(true)) / len(true)
