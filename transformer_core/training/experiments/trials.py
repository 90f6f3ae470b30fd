"""All trainings of one setting: those that find its learning rate, then one for each seed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from math import inf

import numpy as np
from torch import nn

from transformer_core.training.corpus import Mixture
from transformer_core.training.experiments.course import Course, TunedCourse
from transformer_core.training.experiments.experiment import Place
from transformer_core.training.experiments.learning_rate import Tuned, climb
from transformer_core.training.experiments.text import N_VOCAB, SOURCES
from transformer_core.training.loop import Batches, Run
from transformer_core.training.smaller_vocabulary import with_smaller_vocabulary
from transformer_core.training.state import Diverged

Make = Callable[[int], nn.Module]  # a model at initialisation, from a seed


def text_batches(course: Course, place: Place, seed: int) -> Mixture:
    """Windows of a mixture of texts, in the same order for all models of one seed."""
    folder = with_smaller_vocabulary(place.tokens, N_VOCAB)
    return Mixture(folder, SOURCES, course.context_length, course.batch_size, seed)


@dataclass(frozen=True)
class Trainings:
    """All trainings of one course, each from a seed and at a learning rate."""

    course: Course
    place: Place
    make: Make
    batches: Callable[[int], Batches] | None = None  # from a seed; without it, of text

    def start(self, learning_rate: float, seed: int) -> Run:
        """A run at its start, on its way or at its end, in a folder of its own."""
        name = f"rate_{learning_rate:.6f}_seed_{seed}_tokens_{self.course.tokens}"
        return Run(
            self.make(seed),
            self.batches(seed) if self.batches else text_batches(self.course, self.place, seed),
            self.course.recipe(learning_rate, seed),
            self.course.run_settings(learning_rate, seed),
            self.place.work / name,
            compiled=False,
        )


@dataclass(frozen=True)
class Trials(Trainings):
    """Trainings that find their learning rate, and then one for each seed."""

    course: TunedCourse

    def tune(self) -> Tuned:
        """Runs of the first seed, of `tuning_tokens`, over a grid of learning rates.

        Where these are all `tokens`, that of the best rate is not trained again.
        """
        course = replace(self.course, tokens=self.course.tuning_tokens)
        shorter = replace(self, course=course)

        def loss_at(rate: float) -> float:
            run = shorter.start(rate, course.seeds[0])
            try:
                run.train()
            except Diverged:
                return inf
            return last_losses(run)

        return climb(loss_at, course.learning_rate)

    def runs(self, learning_rate: float) -> Iterator[Run]:
        """One whole run after another, trained to its end, for each seed."""
        for seed in self.course.seeds:
            run = self.start(learning_rate, seed)
            run.train()
            yield run


def last_losses(run: Run) -> float:
    """Mean loss of the last fifth of a run; each batch is new to it, so it is no memory's merit."""
    losses = [point["loss"] for point in run.progress.curve if "loss" in point]
    return float(np.mean(losses[-max(1, len(losses) // 5) :]))
