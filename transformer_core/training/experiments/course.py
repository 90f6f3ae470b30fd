"""What a setting says of its trainings."""

from __future__ import annotations

from dataclasses import dataclass

from transformer_core.training.experiments.plain import to_plain
from transformer_core.training.experiments.text import SOURCES
from transformer_core.training.state import Recipe, Settings


@dataclass(frozen=True, kw_only=True)
class Course:
    """Trainings that differ in learning rate and seed alone; `warmup` and `decay` are shares."""

    context_length: int
    batch_size: int
    tokens: int
    seeds: tuple[int, ...]
    optimizer: str = "adamw"
    warmup: float = 0.05
    decay: float = 0.5

    def recipe(self, learning_rate: float, seed: int) -> Recipe:
        """Of one training."""
        return Recipe(
            weights=SOURCES,
            tokens=self.tokens,
            batch_size=self.batch_size,
            micro_batch_size=self.batch_size,
            learning_rate=learning_rate,
            weight_decay=0.1,
            repeated=0.0,
            seed=seed,
            optimizer=self.optimizer,
            warmup=self.warmup,
            decay=self.decay,
        )

    def run_settings(self, learning_rate: float, seed: int) -> Settings:
        """What one training keeps of its settings, and compares when it goes on."""
        return {
            "setting": to_plain(self),
            "run": {"learning_rate": learning_rate, "seed": seed},
        }


@dataclass(frozen=True, kw_only=True)
class TunedCourse(Course):
    """Trainings at a learning rate that shorter ones of `tuning_tokens` find.

    `learning_rate` is where their search begins.
    """

    tuning_tokens: int
    learning_rate: float
