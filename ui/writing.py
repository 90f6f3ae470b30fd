"""A text written on, a stretch at a time: what nobody asks for is not computed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from time import monotonic
from typing import Any

import streamlit as st

from transformer_core.generation import ContextFull, GenerationStep, Sampling, generate, until
from ui.models import HEAVY_PASSES, LoadedModel, load

STRETCH = 0.25  # seconds; then it is somebody else's turn
SHARED = 8  # the newest, which several readers may have ordered

Describe = Callable[[LoadedModel, GenerationStep], Any]


@dataclass(frozen=True)
class Order:
    """What is to be written: at most `n` tokens; `describe` says what is kept of each step."""

    model_name: str
    token_ids: tuple[int, ...]
    how: Sampling
    n: int
    seed: int
    describe: Describe


class Writing:
    """An order as far as it has been carried out; the rest waits until somebody asks."""

    def __init__(self, order: Order) -> None:
        self.order = order
        self.token_ids: list[int] = []
        self.steps: list[Any] = []
        self._loaded = load(order.model_name)
        self._events: Iterator[GenerationStep | ContextFull] | None = None
        self._lock = Lock()

    @property
    def room(self) -> int:
        """How many tokens there is room for, of those that were ordered."""
        return min(self.order.n, self._loaded.most_tokens - len(self.order.token_ids))

    @property
    def stopped(self) -> bool:
        """Whether the model has ended its text."""
        return not self._loaded.tokenizer.stop_ids.isdisjoint(self.token_ids[-1:])

    @property
    def done(self) -> bool:
        """Nothing is left to write."""
        return self.stopped or len(self.token_ids) >= self.room

    @property
    def full(self) -> int | None:
        """How many tokens a text may have here, where that ended it."""
        is_full = not self.stopped and len(self.token_ids) >= self.room < self.order.n
        return self._loaded.most_tokens if is_full else None

    def step(self) -> None:
        """One token more."""
        with self._lock:
            if self.done:
                return
            if self._events is None:
                self._events = self._begin()
            with HEAVY_PASSES:
                step = next(self._events)
            assert isinstance(step, GenerationStep)  # there is room
            self.steps.append(self.order.describe(self._loaded, step))
            self.token_ids.append(step.token_id)
            self._forget_when_done()

    def _forget_when_done(self) -> None:
        if self.done:
            self._events = None  # and with it the KV cache

    def _begin(self) -> Iterator[GenerationStep | ContextFull]:
        order, model = self.order, self._loaded.model
        written = generate(model, order.token_ids, order.how, self.room, order.seed)
        return until(written, self._loaded.tokenizer.stop_ids)


def writing_of(place: str, order: Order) -> Writing:
    """What this reader has ordered at a place of the page; readers who order the same share it."""
    mine: Writing | None = st.session_state.get(place)
    if mine is None or mine.order != order:
        mine = st.session_state[place] = _shared(order)
    return mine


@lru_cache(maxsize=SHARED)
def _shared(order: Order) -> Writing:
    return Writing(order)


def write_on(writings: Sequence[Writing], seconds: float = STRETCH) -> None:
    """Write for so long, at least one token; of several, the shortest goes on."""
    end = monotonic() + seconds
    while unfinished := [each for each in writings if not each.done]:
        min(unfinished, key=lambda each: len(each.steps)).step()
        if monotonic() >= end:
            return
