"""Every way of RoPE on every book."""

from __future__ import annotations

from dataclasses import dataclass

from transformer_core.lens.longer_context import STRETCHES
from transformer_core.training.experiments.experiment import Place

SOURCE = "childrens_books"
TRAINED = 8192  # positions: the context length in the model's file
FACTOR = 2  # how far the three ways stretch it
READ = 11_264  # tokens of each book
N_BOOKS = 2


@dataclass(frozen=True)
class Setting:
    """One way on one book, of which `read` tokens are read."""

    line: str
    book: int
    read: int
    trained_length: int


def settings(place: Place, quick: bool) -> list[Setting]:
    """Book after book, each in all four ways."""
    books, read = (1, TRAINED // 8) if quick else (N_BOOKS, READ)
    return [Setting(line, book, read, TRAINED) for book in range(books) for line in STRETCHES]
