"""Seven patterns, and the text models that look through them."""

from __future__ import annotations

from dataclasses import dataclass

from transformer_core.training.experiments.experiment import Place
from transformer_core.training.experiments.patterned_course import PatternedCourse
from transformer_core.training.patterned import PATTERNS


@dataclass(frozen=True, kw_only=True)
class Setting(PatternedCourse):
    """One pattern; `windows` are read."""

    windows: int


def settings(place: Place, quick: bool) -> list[Setting]:
    """One for each pattern."""
    return [
        Setting(
            pattern=pattern,
            window=3 if quick else 8,
            d_model=16 if quick else 64,
            n_layers=4,
            n_heads=4,
            context_length=16 if quick else 128,
            batch_size=8 if quick else 16,
            tokens=4 * 128 if quick else 819_200,
            tuning_tokens=4 * 128 if quick else 819_200,
            optimizer="muon",
            learning_rate=0.1 if quick else 1.6e-2,
            seeds=(1,) if quick else (1, 2),
            windows=4 if quick else 1024,
        )
        for pattern in PATTERNS
    ]
