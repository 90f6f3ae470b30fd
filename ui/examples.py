"""Texts to begin with, each with what to look for."""

from __future__ import annotations

from dataclasses import dataclass

from ui.known_models import SHIPPED, catalogue

CAPITAL = "The capital of France is"
STORY = "The cat saw a bird in the tree. It wanted to catch the"


@dataclass(frozen=True)
class Example:
    """A text, and in a line what the real model makes of it: a test measures the numbers."""

    text: str
    look_for: str


EXAMPLES = (
    Example(
        CAPITAL,
        "A fact. “Paris” has a probability of 77 %. In layer 24, head 5 attends to “France”.",
    ),
    Example(
        "When Alice and Bob went out, Alice gave a drink to",
        "Which name is left? “Bob” has 88 %. It is the name that occurs only once.",
    ),
    Example(
        "The animal didn't cross the street because it was too tired",
        "Choose the token “it”. In layer 14, head 9 gives “animal” 75 % of its attention.",
    ),
    Example(
        "Tormin and Velisk went home. Tormin and",
        "Made-up names. “Vel” has 70 %. It can only be copied from the text.",
    ),
    Example("2 + 3 = 5, 4 + 1 =", "A sum. The model writes a blank, and then “5” with 79 %."),
    Example("def add(a, b): return", "Program code. The first argument is returned: “a” has 88 %."),
    Example("uno, dos, tres, cuatro,", "Spanish. The model counts on: “cin” of “cinco” has 79 %."),
    Example("The opposite of hot is", "A pair of opposites. “cold” has 68 %."),
    Example(
        STORY,
        "A story like those of the Fable models. One animal is named again: “bird” has 51 %.",
    ),
)
TEXTS = tuple(example.text for example in EXAMPLES)


def first_text() -> str:
    """The text of a reader who has typed none: one that the first model does well."""
    return STORY if catalogue().default in SHIPPED else CAPITAL
