"""Where the caches of many requests lie: in one piece each, reserved at once, or in pages.

A simulation in steps. In each step every running request writes one token; those that are done
leave, and waiting ones enter in their order as long as there is room (Kwon et al. 2023, arXiv
2309.06180). Lengths are in tokens.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil


@dataclass(frozen=True)
class Request:
    """Tokens of the prompt, and those that will be written, which the server does not know."""

    prompt: int
    new: int


@dataclass
class Running:
    """A request in memory: the places it holds, [start, end) each, and tokens written so far."""

    request: int
    places: list[tuple[int, int]]
    written: int = 0


@dataclass(frozen=True)
class Moment:
    """Memory after one step.

    holds: tokens whose keys and values are stored; taken: places that no other request may use.
    """

    running: tuple[tuple[int, tuple[tuple[int, int], ...], int], ...]
    waiting: int
    holds: int
    taken: int


@dataclass
class Memory:
    """Places for `size` tokens. `page` of 0: one piece for the prompt and `most_new` tokens."""

    size: int
    most_new: int
    page: int = 0
    running: list[Running] = field(default_factory=list)

    def simulate(self, requests: Sequence[Request]) -> list[Moment]:
        """Until all are done.

        Raises:
            ValueError: a request that would not fit into an empty memory, or writes too much.
        """
        for each in requests:
            if each.prompt + self.most_new > self.size or each.new > self.most_new:
                raise ValueError(f"{each} does not fit into {self.size} places")
        waiting, moments = list(range(len(requests))), []
        while waiting or self.running:
            self._enter(requests, waiting)
            self._write(requests, waiting)
            moments.append(self._moment(requests, len(waiting)))
            self.running = [r for r in self.running if r.written < requests[r.request].new]
        return moments

    def _enter(self, requests: Sequence[Request], waiting: list[int]) -> None:
        while waiting:
            request = requests[waiting[0]]
            wanted = request.prompt + (1 if self.page else self.most_new)
            places = self._pages(wanted) if self.page else self._piece(wanted)
            if not places:
                return
            self.running.append(Running(waiting.pop(0), places))

    def _write(self, requests: Sequence[Request], waiting: list[int]) -> None:
        """A token each; without a page for it, the request that came last waits again."""
        for each in list(self.running):
            if each not in self.running:
                continue
            needed = requests[each.request].prompt + each.written + 1
            while needed > sum(end - start for start, end in each.places):
                if more := self._pages(1):
                    each.places += more
                    continue
                last = self.running.pop()
                waiting.insert(0, last.request)
                if last is each:
                    break
            each.written += 1

    def _piece(self, wanted: int) -> list[tuple[int, int]]:
        """The first gap that is large enough."""
        start = 0
        for taken, end in [*sorted(p for r in self.running for p in r.places), (self.size, 0)]:
            if taken - start >= wanted:
                return [(start, start + wanted)]
            start = end
        return []

    def _pages(self, wanted: int) -> list[tuple[int, int]]:
        """The first free pages, wherever they lie; none where they are too few."""
        used = {start for each in self.running for start, _ in each.places}
        free = [p for p in range(0, self.size - self.page + 1, self.page) if p not in used]
        n = ceil(wanted / self.page)
        return [(p, p + self.page) for p in free[:n]] if n <= len(free) else []

    def _moment(self, requests: Sequence[Request], waiting: int) -> Moment:
        return Moment(
            tuple((r.request, tuple(r.places), r.written) for r in self.running),
            waiting,
            sum(requests[r.request].prompt + r.written for r in self.running),
            sum(end - start for r in self.running for start, end in r.places),
        )
