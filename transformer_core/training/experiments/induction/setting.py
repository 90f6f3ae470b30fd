"""The looks at one run of a small model."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace

from transformer_core.config import TransformerConfig
from transformer_core.presets import PRESETS
from transformer_core.training.experiments.emergence.setting import Look
from transformer_core.training.experiments.experiment import Place
from transformer_core.training.state import Recipe

DESIGN = PRESETS["fable-modern"]
SHARES = {"tinystories": 0.5, "childrens_books": 0.3, "easy_prose": 0.2}
STEPS = 2400
WRITES_AFTER = (0, 50, 100, 200, 400, 800, 1200, 1600, 2000, STEPS)


@dataclass(frozen=True)
class Shape:
    """In which the model differs from its design."""

    d_model: int
    n_layers: int
    n_heads: int
    n_kv_heads: int
    d_ff: int


@dataclass(frozen=True, kw_only=True)
class Setting(Look):
    """One look, and the run that it looks at."""

    shape: Shape
    batch_size: int
    tokens: int
    learning_rate: float
    repeated: float

    @property
    def config(self) -> TransformerConfig:
        """fable-modern's design in another shape."""
        return replace(DESIGN, **asdict(self.shape))

    @property
    def recipe(self) -> Recipe:
        """Of the whole run."""
        return Recipe(
            weights=SHARES,
            tokens=self.tokens,
            batch_size=self.batch_size,
            micro_batch_size=min(8, self.batch_size),
            learning_rate=self.learning_rate,
            repeated=self.repeated,
            seed=self.seeds[0],
        )


def settings(place: Place, quick: bool) -> list[Setting]:
    """One for each look at the one run."""
    steps, every, batch_size = (10, 10, 2) if quick else (STEPS, 50, 16)
    tokens_a_step = batch_size * DESIGN.context_length
    return [
        Setting(
            shape=Shape(16, 1, 2, 2, 32) if quick else Shape(128, 4, 4, 4, 384),
            batch_size=batch_size,
            tokens=steps * tokens_a_step,
            learning_rate=1.6e-2,
            repeated=0.5,
            seeds=(1,),
            step=step,
            tokens_seen=step * tokens_a_step,
            held_out_tokens=512 if quick else 16_384,
            sequences=2 if quick else 16,
            written=60 * (step in WRITES_AFTER),
        )
        for step in range(0, steps + 1, every)
    ]
