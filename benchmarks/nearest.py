"""How many rows does a search in a graph compare, of a model's whole embedding matrix?

    python -m benchmarks.nearest [--model smollm2] [--m 16] [--ef 100] [--queries 500]

Builds the graph over all rows, which takes minutes, then searches the nearest of rows spread evenly
over the vocabulary and counts comparisons and how many of the true nearest were found.
"""

from __future__ import annotations

import argparse
import time
from statistics import mean

from transformer_core.nearest_neighbours import NavigableGraph, exact_nearest, recall
from ui.models import load

NEAREST = 6  # a row itself and five others, as on the page
IN_SIGHT = (8, 16, 32, 64, 128)  # ef of a search


def main() -> None:
    """Print one line for each ef."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--model", default="smollm2")
    asked.add_argument("--m", type=int, default=16)
    asked.add_argument("--ef", type=int, default=100)
    asked.add_argument("--queries", type=int, default=500)
    given = asked.parse_args()
    rows = load(given.model).model.embedding.detach().numpy()
    start = time.process_time()
    graph = NavigableGraph(rows, m=given.m, ef=given.ef)
    on_levels = [sum(level >= k for level in graph.levels) for k in range(1 + max(graph.levels))]
    print(f"{len(rows):,} rows, levels {on_levels}, {time.process_time() - start:.0f} s of CPU")
    queries = rows[:: max(1, len(rows) // given.queries)]
    true = [exact_nearest(rows, query, NEAREST) for query in queries]
    for ef in IN_SIGHT:
        found = [graph.search(query, NEAREST, ef) for query in queries]
        part = mean(recall(each.nearest, best) for each, best in zip(found, true, strict=True))
        compared = mean(each.comparisons for each in found)
        print(f"ef {ef}: recall {part:.3f}, {compared:,.0f} rows compared of {len(rows):,}")


if __name__ == "__main__":
    main()
