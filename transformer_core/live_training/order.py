"""What a reader orders to be trained, and the limits within which it is done."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from math import isfinite
from typing import Any

from transformer_core.live_training.characters import OwnText
from transformer_core.live_training.tasks import TASKS, Task

OWN_TEXT = "text"
LAYERS, HEADS, WIDTHS = (1, 2), (1, 2, 4), (16, 32, 64)
FEWEST_STEPS, MOST_STEPS = 50, 2_000
SHORTEST_TEXT, LONGEST_TEXT = 500, 100_000  # characters
HIGHEST_RATE = 1_000.0


class OrderError(ValueError):
    """Something that cannot be trained; the message is a sentence for the reader."""


@dataclass(frozen=True)
class Order:
    """One training. `text` is what is learnt from where the task is the reader's own text.

    Raises:
        OrderError: names the setting, its value and what would do.
    """

    task: str = "sorting"
    n_layers: int = 1
    n_heads: int = 2
    d_model: int = 64
    learning_rate: float = 1e-3
    steps: int = 600
    text: str = ""

    def __post_init__(self) -> None:
        """Refuse what is outside of the limits, whoever asks for it."""
        names = (*TASKS, OWN_TEXT)
        if self.task not in names:
            raise OrderError(f"There is no task {self.task!r}. Choose one of {', '.join(names)}.")
        _check_choice("layers", self.n_layers, LAYERS)
        _check_choice("heads", self.n_heads, HEADS)
        _check_choice("d_model", self.d_model, WIDTHS)
        _check_rate(self.learning_rate)
        if not _is_whole(self.steps) or not FEWEST_STEPS <= self.steps <= MOST_STEPS:
            raise OrderError(
                f"The number of steps must be a whole number from {FEWEST_STEPS} to "
                f"{MOST_STEPS:,}, not {self.steps!r}."
            )
        if self.task == OWN_TEXT:
            check_text(self.text)

    @classmethod
    def from_dict(cls, values: object) -> Order:
        """From what a browser or a file says; an unknown setting is an OrderError, too."""
        if not isinstance(values, Mapping):
            raise OrderError("The order of a training must be a table of settings.")
        known = {each.name for each in fields(cls)}
        if unknown := sorted(map(str, set(values) - known)):
            raise OrderError(f"There is no setting {unknown[0]!r}.")
        return cls(**values)

    def to_dict(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)

    def make_task(self) -> Task:
        """The task with its examples."""
        return OwnText.of(self.text) if self.task == OWN_TEXT else TASKS[self.task]()


def _check_choice(name: str, value: Any, allowed: tuple[int, ...]) -> None:
    if not _is_whole(value) or value not in allowed:
        choices = ", ".join(map(str, allowed))
        raise OrderError(f"The setting {name} is {value!r}. It must be one of {choices}.")


def _check_rate(value: Any) -> None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not isfinite(value) or not 0 < value <= HIGHEST_RATE:
        raise OrderError(
            f"The learning rate must be a number above 0 and at most {HIGHEST_RATE:,.0f}, "
            f"not {value!r}."
        )


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def check_text(text: Any) -> None:
    """OrderError for what is empty, too short, too long or no text."""
    if not isinstance(text, str) or not text.strip():
        raise OrderError("There is no text to learn from. Paste one or choose a file.")
    if len(text) > LONGEST_TEXT:
        raise OrderError(
            f"The text has {len(text):,} characters. At most {LONGEST_TEXT:,} are read here. "
            "Choose a shorter text."
        )
    if sum(unicodedata.category(c) in ("Cc", "Cs", "Cn", "Co") and c not in "\n\r\t" for c in text):
        raise OrderError(
            "This is no plain text: it holds control characters, as programs, pictures and "
            "word-processor files do. Save it as plain text in UTF-8."
        )
    if len(text.strip()) < SHORTEST_TEXT:
        raise OrderError(
            f"The text has {len(text.strip()):,} characters. At least {SHORTEST_TEXT:,} are needed "
            "to learn from and to test on."
        )
    if len(set(text.strip())) < 2:
        raise OrderError("The text is one character, again and again. There is nothing to learn.")


# With these settings each task succeeds.
FIRST_ORDERS = {
    "sorting": Order(),
    "copying": Order("copying", steps=300),
    "addition": Order("addition", learning_rate=2e-3, steps=800),
    "induction": Order("induction", n_layers=2, learning_rate=3e-3, steps=300),
}
FIRST_TEXT_ORDER = {"n_layers": 2, "d_model": 32, "learning_rate": 2e-3, "steps": 300}
