"""Every way of RoPE on every book; the quick version on a model that comes with the app."""

from __future__ import annotations

from dataclasses import dataclass

from transformer_core.lens.longer_context import STRETCHES
from transformer_core.records.json_file import read_record
from transformer_core.training.experiments.experiment import Place

SOURCE = "childrens_books"
PUBLISHED, SHIPPED = "smollm2", "fable-modern"
TRAINED = 8192  # positions: the context length in the published model's file
TOKENS_SEEN = 2_000_000_000_000  # as its makers say
FACTOR = 2  # how far three of the ways stretch it
READ, BIN = 11_264, 512  # tokens of each book; neighbouring positions whose mean is recorded
N_BOOKS = 1


@dataclass(frozen=True)
class Setting:
    """One way on one book, of which `read` tokens are read."""

    line: str
    model: str
    book: int
    read: int
    bin: int
    trained_length: int
    tokens_seen: int


def settings(place: Place, quick: bool) -> list[Setting]:
    """Book after book, each in all four ways."""
    if quick:
        seen = read_record(place.models / SHIPPED / "training.json")["tokens_seen"]
        return [Setting(line, SHIPPED, 0, 32, 8, 256, seen) for line in STRETCHES]
    return [
        Setting(line, PUBLISHED, book, READ, BIN, TRAINED, TOKENS_SEEN)
        for book in range(N_BOOKS)
        for line in STRETCHES
    ]
