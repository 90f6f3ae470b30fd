"""The snapshots of a shipped model's training."""

from __future__ import annotations

from dataclasses import dataclass

from transformer_core.records.json_file import read_record
from transformer_core.training.experiments.experiment import Place

MODEL = "fable-tiny"


@dataclass(frozen=True, kw_only=True)
class Look:
    """One look at a model on its way: how much it is given, and how many tokens it writes."""

    step: int
    tokens_seen: int
    seeds: tuple[int, ...]
    held_out_tokens: int
    sequences: int
    written: int


@dataclass(frozen=True, kw_only=True)
class Setting(Look):
    """A snapshot, by its folder below the model's."""

    model: str
    folder: str


def settings(place: Place, quick: bool) -> list[Setting]:
    """One for each snapshot; of the quick version, the first and the last."""
    folder = place.models / MODEL
    seed = read_record(folder / "training.json")["recipe"]["seed"]
    steps = read_record(folder / "steps" / "steps.json")["steps"]
    return [
        Setting(
            model=MODEL,
            folder=step["folder"],
            step=step["step"],
            tokens_seen=step["tokens_seen"],
            seeds=(seed,),
            held_out_tokens=1024 if quick else 16_384,
            sequences=2 if quick else 16,
            written=8 if quick else 60,
        )
        for step in (steps[:: len(steps) - 1] if quick else steps)
    ]
