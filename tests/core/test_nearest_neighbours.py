"""Search in a graph: against comparing with all, the paper's rules for levels and links."""

from math import log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from transformer_core.nearest_neighbours import (
    NavigableGraph,
    draw_levels,
    exact_nearest,
    recall,
    unit,
)


def points(count: int, width: int, seed: int) -> np.ndarray:
    drawn = np.random.default_rng(seed).standard_normal((count, width))
    return drawn.astype(np.float32)


@settings(deadline=None, max_examples=25)
@given(some.integers(1, 40), some.integers(1, 6), some.integers(2, 6), some.integers(0, 999))
def test_links_are_bounded_and_stay_on_their_level(count, width, m, seed):
    graph = NavigableGraph(points(count, width, seed), m=m, ef=8, seed=seed)
    assert graph.levels[graph.entry] == max(graph.levels) == len(graph.links) - 1
    for level, links in enumerate(graph.links):
        assert sorted(links) == [node for node, top in enumerate(graph.levels) if top >= level]
        for node, others in links.items():
            assert len(others) == len(set(others)) <= (m if level else 2 * m)
            assert node not in others
            assert set(others) <= set(links)


@settings(deadline=None, max_examples=25)
@given(some.integers(2, 40), some.integers(1, 8), some.integers(0, 999))
def test_a_search_says_what_it_compared(count, wanted, seed):
    rows = points(count, 4, seed)
    graph = NavigableGraph(rows, seed=seed)
    query = points(1, 4, seed + 1)[0]
    found = graph.search(query, wanted, 8)
    compared = [node for visit in found.visits if visit.level == 0 for node in visit.compared]
    assert len(compared) == len(set(compared))
    assert set(found.nearest) <= {graph.entry}.union(*(v.compared for v in found.visits))
    assert found.comparisons == 1 + sum(len(visit.compared) for visit in found.visits)
    cosines = unit(rows)[list(found.nearest)] @ unit(query)
    assert list(cosines) == sorted(cosines, reverse=True)
    assert found.visits[-1].level == 0
    assert [v.level for v in found.visits] == sorted((v.level for v in found.visits), reverse=True)


def test_with_all_in_sight_nothing_that_can_be_reached_is_missed():
    rows = points(120, 5, 3)
    graph = NavigableGraph(rows)
    for query in points(20, 5, 4):
        assert list(graph.search(query, 6, 120).nearest) == exact_nearest(rows, query, 6)


def test_more_in_sight_finds_more_and_compares_more_but_not_all():
    rows = points(1_000, 16, 7)
    graph = NavigableGraph(rows, m=8)
    queries = points(60, 16, 8)
    true = [exact_nearest(rows, query, 5) for query in queries]
    recalls, compared = [], []
    for ef in (5, 20, 80):
        found = [graph.search(query, 5, ef) for query in queries]
        recalls.append(np.mean([recall(f.nearest, t) for f, t in zip(found, true, strict=True)]))
        compared.append(np.mean([each.comparisons for each in found]))
    assert recalls == sorted(recalls)
    assert recalls[-1] > 0.95
    assert compared == sorted(compared)
    assert compared[0] < 250


def test_levels_thin_out_by_m():
    for m in (4, 16):
        levels = np.array(draw_levels(100_000, m, seed=1))
        for level in (1, 2):
            assert (levels >= level).mean() == pytest.approx(m**-level, rel=0.1)
        assert levels.mean() == pytest.approx(1 / (m - 1), rel=0.05)
        assert levels.max() < log(1e9) / log(m)
    assert draw_levels(50, 4, seed=1) == draw_levels(50, 4, seed=1) != draw_levels(50, 4, seed=2)


def test_the_nearest_of_all_are_those_of_the_embedding_map():
    import torch

    from transformer_core.lens.embedding_map import cosines, nearest

    rows = points(200, 8, 5)
    for row in rows[:5]:
        similar = cosines(torch.tensor(rows), torch.tensor(row))
        assert exact_nearest(rows, row, 4) == nearest(similar, 4).tolist()


def test_links_lead_in_different_directions_by_hand():
    """b and c lie together: a is linked to the nearer of them and to d, not to both."""
    angles = np.radians([0, 20, 24, -60])
    a, b, c, d = range(4)
    graph = NavigableGraph(np.stack((np.cos(angles), np.sin(angles)), 1), m=2)
    near = graph._near(graph.vectors[a], [b, c, d])
    assert [node for _, node in near] == [b, c, d]
    assert graph._choose(near, 2) == [b, d]


def test_recall_is_a_part():
    assert recall([1, 2, 3], [3, 2, 9, 8]) == 0.5
