"""Seven patterns, and the stacks that learn to recall through them."""

from __future__ import annotations

from dataclasses import dataclass

from transformer_core.training.experiments.experiment import Place
from transformer_core.training.experiments.needle.haystacks import N_IDS, NeedleBatches
from transformer_core.training.experiments.patterned_course import PatternedCourse
from transformer_core.training.patterned import PATTERNS
from transformer_core.transformer import Transformer


@dataclass(frozen=True, kw_only=True)
class Setting(PatternedCourse):
    """One pattern, its questions in a sequence, and how many sequences it is tested on."""

    n_questions: int
    embedding_std: float
    test_sequences: int

    def start(self, seed: int) -> Transformer:
        """The text models' start, but for the embedding, which is drawn from wider numbers.

        From the usual deviation of 0.02 hardly any run here learns which value belongs to which
        key.
        """
        made = self.model(N_IDS, seed)
        made.embedding.data.mul_(self.embedding_std / made.embedding.data.std())
        return made

    def batches(self, seed: int) -> NeedleBatches:
        """What a seed learns from, whatever the pattern."""
        return NeedleBatches(self.context_length, self.batch_size, self.n_questions, seed)


def settings(place: Place, quick: bool) -> list[Setting]:
    """One for each pattern."""
    return [
        Setting(
            pattern=pattern,
            window=3 if quick else 5,
            d_model=16 if quick else 64,
            n_layers=4,
            n_heads=4,
            context_length=16 if quick else 64,
            n_questions=8 if quick else 24,
            batch_size=8 if quick else 16,
            embedding_std=0.25 if quick else 0.125,
            tokens=4 * 128 if quick else 819_200,
            tuning_tokens=4 * 128 if quick else 819_200,
            optimizer="muon",
            learning_rate=0.1 if quick else 5e-3,
            seeds=(1,) if quick else (1, 2),
            test_sequences=64 if quick else 2048,
        )
        for pattern in PATTERNS
    ]
