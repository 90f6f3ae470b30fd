"""Four ways to a classifier, each from the same labelled examples."""

from __future__ import annotations

from dataclasses import dataclass

from transformer_core.training.experiments.experiment import Place

MODEL, SOURCE = "fable-tiny", "tinystories"
PRETRAINED = 11_001_856  # tokens that the model has seen
FINE_TUNED, FROZEN, SCRATCH, PAIRS = "fine-tuned", "frozen", "from scratch", "word pairs"
RATES = {
    FINE_TUNED: (3e-5, 1e-4, 3e-4, 1e-3, 3e-3),
    FROZEN: (1e-1, 3e-1, 1.0, 3.0, 10.0),
    SCRATCH: (3e-4, 1e-3, 3e-3, 1e-2, 3e-2),
    PAIRS: (),
}


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One way; `rates` are tried with `tuning_examples` labels, then all of `examples` are run."""

    way: str
    rates: tuple[float, ...]
    examples: tuple[int, ...]
    tuning_examples: int
    steps: int
    batch_size: int
    test_sentences: int
    seeds: tuple[int, ...]


def settings(place: Place, quick: bool) -> list[Setting]:
    """One for each way."""
    return [
        Setting(
            way=way,
            rates=rates[:1] if quick else rates,
            examples=(4, 8) if quick else (8, 32, 128, 512, 1024),
            tuning_examples=8 if quick else 128,
            steps=4 if quick else 600,
            batch_size=16,
            test_sentences=8 if quick else 1000,
            seeds=(1, 2) if quick else (1, 2, 3),
        )
        for way, rates in RATES.items()
    ]
