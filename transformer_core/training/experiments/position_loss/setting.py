"""A learned table as it ends, and RoPE past its length in every way."""

from __future__ import annotations

from dataclasses import dataclass

from transformer_core.lens.longer_context import STRETCHES
from transformer_core.records.json_file import read_record
from transformer_core.training.corpus import held_out
from transformer_core.training.experiments.experiment import Place

SOURCE = "childrens_books"
FACTOR = 2  # times the trained length
LINES = {"learned": "fable-classic"} | dict.fromkeys(STRETCHES, "fable-modern")


@dataclass(frozen=True)
class Setting:
    """One way, the shipped model that it is tried on, and how many windows are read."""

    line: str
    model: str
    trained_length: int
    windows: int
    tokens_seen: int


def settings(place: Place, quick: bool) -> list[Setting]:
    """One for each way."""
    tokens = len(held_out(place.tokens, SOURCE).tokens)
    found = []
    for line, model in LINES.items():
        record = read_record(place.models / model / "training.json")
        trained = record["config"]["context_length"]
        windows = 1 if quick else (tokens - 1) // (trained * FACTOR)
        found.append(Setting(line, model, trained, windows, record["tokens_seen"]))
    return found
