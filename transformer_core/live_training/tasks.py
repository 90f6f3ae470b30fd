"""What a tiny Transformer can learn within a minute: four tasks of symbols with exact answers.

A task draws its examples by itself. Inputs and targets are int64 [batch, position]; a target is the
next token, or -100 where none is asked, because nothing could tell it (PyTorch's `ignore_index`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from typing import Protocol

import torch
from torch import Tensor

from transformer_core.transformer import Transformer

NOT_ASKED = -100
END = ">"  # between a question and its answer
HELD_OUT, SHOWN = 256, 3  # examples that are scored, and of these, written out
LETTERS = "abcdefghijklmnopqrstuvwxyz"

Pair = tuple[Tensor, Tensor]


@dataclass(frozen=True)
class Sample:
    """One example: what is given, what the model goes on with, what would be right.

    `right` is empty where nothing is right or wrong.
    """

    given: str
    answered: str
    right: str


class Task(Protocol):
    """What a loop needs to know of a task."""

    @property
    def symbols(self) -> tuple[str, ...]:
        """The vocabulary, in the order of its ids."""

    @property
    def context_length(self) -> int:
        """Of the longest input."""

    def batch(self, size: int, generator: torch.Generator) -> Pair:
        """Inputs and targets to learn from."""

    def held_out(self) -> Pair:
        """Inputs and targets to be scored on, always the same."""

    def example(self) -> Tensor:
        """The input whose attention weights are shown, [position]."""

    def samples(self, model: Transformer) -> list[Sample]:
        """What the model makes of a few held-out examples."""


@dataclass(frozen=True)
class SymbolTask:
    """Examples that a generator draws or that a list holds.

    Args:
        symbols: by id.
        draw: so many whole examples, int64 [size, length + 1].
        asked: which tokens of examples are to be predicted, the first left out, [size, length].
        held: examples that `draw` never returns; without them, held-out ones are drawn anew.
    """

    symbols: tuple[str, ...]
    draw: Callable[[int, torch.Generator], Tensor]
    asked: Callable[[Tensor], Tensor]
    context_length: int
    held: Tensor | None = None

    def batch(self, size: int, generator: torch.Generator) -> Pair:
        """As `Task.batch`."""
        return self._split(self.draw(size, generator))

    def held_out(self) -> Pair:
        """As `Task.held_out`."""
        return self._split(self._held())

    def example(self) -> Tensor:
        """The first held-out example, without its last token."""
        return self._held()[0, :-1]

    def samples(self, model: Transformer) -> list[Sample]:
        """The most likely token at each place that is asked, all tokens before it being right."""
        inputs, targets = (part[:SHOWN] for part in self.held_out())
        best = model(inputs).argmax(dim=-1)
        return [self._sample(*example) for example in zip(inputs, best, targets, strict=True)]

    def _sample(self, read: Tensor, best: Tensor, targets: Tensor) -> Sample:
        asked = targets != NOT_ASKED
        start = int(asked.int().argmax()) + 1
        parts = read[:start], best[asked], targets[asked]
        return Sample(*(" ".join(self.symbols[i] for i in part.tolist()) for part in parts))

    def _held(self) -> Tensor:
        if self.held is not None:
            return self.held
        return self.draw(HELD_OUT, torch.Generator().manual_seed(2**31))

    def _split(self, whole: Tensor) -> Pair:
        return whole[:, :-1], whole[:, 1:].masked_fill(~self.asked(whole), NOT_ASKED)


def after_the_end(whole: Tensor, end: int) -> Tensor:
    """The answer's tokens: all that follow the token `end`."""
    return (whole[:, :-1] == end).cumsum(1) > 0


def copying(length: int = 8) -> SymbolTask:
    """Letters, then the same letters again."""
    symbols = (*LETTERS[:10], END)
    return _answered(symbols, length, lambda given: given)


def sorting(length: int = 8) -> SymbolTask:
    """Digits, then the same digits in ascending order."""
    symbols = (*"0123456789", END)
    return _answered(symbols, length, lambda given: given.sort(dim=1).values)


def _answered(
    symbols: tuple[str, ...], length: int, answer: Callable[[Tensor], Tensor]
) -> SymbolTask:
    end = symbols.index(END)

    def draw(size: int, generator: torch.Generator) -> Tensor:
        given = torch.randint(end, (size, length), generator=generator)
        return torch.cat((given, torch.full((size, 1), end), answer(given)), dim=1)

    return SymbolTask(symbols, draw, lambda whole: after_the_end(whole, end), 2 * length)


def addition(modulus: int = 23, held_share: float = 0.2) -> SymbolTask:
    """(a + b) mod p, some of the p² sums held out (Power et al. 2022, arXiv 2201.02177)."""
    symbols = (*(str(i) for i in range(modulus)), "+", "=")
    plus, equals = modulus, modulus + 1
    sums = [(a, plus, b, equals, (a + b) % modulus) for a, b in product(range(modulus), repeat=2)]
    table = torch.tensor(sums)
    order = torch.randperm(len(table), generator=torch.Generator().manual_seed(1))
    cut = int(len(table) * held_share)
    held, learnt = table[order[:cut]], table[order[cut:]]

    def draw(size: int, generator: torch.Generator) -> Tensor:
        return learnt[torch.randint(len(learnt), (size,), generator=generator)]

    return SymbolTask(symbols, draw, lambda whole: after_the_end(whole, equals), 4, held)


def induction(length: int = 24, shortest: int = 4, longest: int = 9) -> SymbolTask:
    """A passage of different letters, drawn at random, that comes again and again.

    Only a look back at what followed the same letter tells the next one (Olsson et al. 2022). The
    period differs from example to example, so a fixed distance is no help.
    """
    symbols = tuple(LETTERS[:16])

    def draw(size: int, generator: torch.Generator) -> Tensor:
        orders = torch.rand(size, len(symbols), generator=generator).argsort(dim=1)
        periods = torch.randint(shortest, longest + 1, (size, 1), generator=generator)
        return orders.gather(1, torch.arange(length + 1) % periods)

    return SymbolTask(symbols, draw, seen_before, length)


def seen_before(whole: Tensor) -> Tensor:
    """Where the token that is read has stood before, so that the next one can be known."""
    read = whole[:, :-1]
    earlier = torch.ones(read.shape[1], read.shape[1], dtype=torch.bool).tril(-1)
    return ((read[:, :, None] == read[:, None, :]) & earlier).any(dim=2)


TASKS: dict[str, Callable[[], SymbolTask]] = {
    "sorting": sorting,
    "copying": copying,
    "addition": addition,
    "induction": induction,
}
