"""How much a text goes round in circles."""

from __future__ import annotations

from collections.abc import Sequence

RUN = 4


def repeated(token_ids: Sequence[int], start: int = 0, run: int = RUN) -> list[bool]:
    """For each token from `start` on: does it end a run of tokens that has stood there before?

    The share of such tokens is the seq-rep-n of arXiv 1908.04319, counted here over the whole
    text: 1 - distinct runs / runs, for runs that end at `start` or later.
    """
    seen: set[tuple[int, ...]] = set()
    flags = []
    for end in range(1, len(token_ids) + 1):
        ending = tuple(token_ids[max(end - run, 0) : end])
        flags.append(len(ending) == run and ending in seen)
        seen.add(ending)
    return flags[start:]
