"""Two small Transformers trained now, one with the mask, one without.

Trained once per process, since nothing in it depends on the reader's text; in a thread of its own,
so that nobody waits for it, and whoever asks later gets the same run.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from threading import Lock, Thread
from typing import Any

import torch

from transformer_core.lens.peeking import (
    LENGTH,
    STEPS,
    Letters,
    Pupil,
    stories,
    teach,
    two_pupils,
)
from transformer_core.masks import causal_mask, full_mask
from ui.models import HEAVY_PASSES, load

WRITER = "fable-classic"
STORIES, STORY_LENGTH = 48, 96  # texts to learn from, and their tokens
START = "Once upon a time"
TURN = 10  # steps before other visitors get their turn
WRITTEN = 90  # letters that each pupil writes at the end


@dataclass(frozen=True)
class Experiment:
    """What both pupils, taught with and without the mask, score and write after their training."""

    hidden: tuple[float, float]  # held-out loss in nats per letter with the future hidden
    in_sight: tuple[float, float]
    written: tuple[str, str]
    n_letters: int


class Job:
    """The experiment under way: how far it is, and its outcome once there is one."""

    def __init__(self) -> None:
        self.share, self.doing = 0.0, "beginning"
        self.losses: tuple[list[float], list[float]] = ([], [])
        self.uniform = 0.0
        self.outcome: Experiment | None = None
        self.failed = False
        self.thread = Thread(target=self._run, daemon=True, name="peeking")
        self.thread.start()

    def _run(self) -> None:
        try:
            self.outcome = self._experiment()
        except Exception:
            self.failed = True
            raise

    def _experiment(self) -> Experiment:
        letters = Letters.of(self._stories())
        pupils = two_pupils(letters)
        self.losses, self.uniform = (pupils[0].losses, pupils[1].losses), letters.uniform_loss
        for step in in_turns(teach(pupils, letters)):
            self.share, self.doing = 0.3 + 0.7 * step / STEPS, f"step {step} of {STEPS}"
        with HEAVY_PASSES:
            return examine(pupils, letters)

    def _stories(self) -> str:
        loaded = load(WRITER)
        self.doing = f"{WRITER} writes {STORIES} stories to learn from"
        ids = torch.empty(0)
        for ids in in_turns(
            stories(loaded.model, loaded.tokenizer.encode(START), STORIES, STORY_LENGTH)
        ):
            self.share = 0.3 * ids.shape[1] / STORY_LENGTH
        texts = [loaded.tokenizer.decode(row) for row in ids.tolist()]
        return "\n".join(text.split("<|endoftext|>")[0] for text in texts)


def in_turns(work: Iterator[Any]) -> Iterator[Any]:
    """The last result of every TURN; in between, others have their turn at the processor."""
    while True:
        with HEAVY_PASSES:
            done = list(islice(work, TURN))
        if not done:
            return
        yield done[-1]


def examine(pupils: tuple[Pupil, Pupil], letters: Letters) -> Experiment:
    """Both pupils on the held-out text, future hidden and in sight, and what they write."""
    start = [letters.alphabet.index(letter) for letter in START.lower()]
    first, second = pupils
    held_out, hidden, full = letters.held_out, causal_mask(LENGTH), full_mask(LENGTH)
    written = [pupil.write(start, WRITTEN, seed=0) for pupil in pupils]
    texts = ["".join(letters.alphabet[i] for i in ids) for ids in written]
    return Experiment(
        hidden=(first.loss(held_out, hidden), second.loss(held_out, hidden)),
        in_sight=(first.loss(held_out, full), second.loss(held_out, full)),
        written=(texts[0], texts[1]),
        n_letters=len(letters.train) + len(held_out),
    )


_jobs: list[Job] = []  # one at most
_starting = Lock()


def latest_job() -> Job | None:
    """The one that somebody has begun, under way, done or failed."""
    return _jobs[0] if _jobs else None


def start_job() -> None:
    """Begin, unless somebody else has; a failed one is begun anew."""
    with _starting:
        if not _jobs or _jobs[0].failed:
            _jobs[:] = [Job()]
