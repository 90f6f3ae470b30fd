"""Texts to begin with, each with what to look for."""

from __future__ import annotations

from dataclasses import dataclass

from ui.known_models import SHIPPED, catalogue

CAPITAL = "The capital of France is"
STORY = "Once upon a time, there was a little girl named Lily. She"


@dataclass(frozen=True)
class Example:
    """A text, and in a line what the real model makes of it: a test measures the numbers."""

    text: str
    look_for: str


EXAMPLES = (
    Example(CAPITAL, "A fact: “Paris”, 77 %. In layer 24, head 5 reads “France”."),
    Example(
        "When Alice and Bob went out, Alice gave a drink to",
        "Who is left? “Bob”, 88 %: the name that stands there once.",
    ),
    Example(
        "The animal didn't cross the street because it was too tired",
        "Choose the token “it”: in layer 14, head 9 gives “animal” 75 % of its attention.",
    ),
    Example(
        "Tormin and Velisk went home. Tormin and",
        "Made-up names: “Vel”, 70 %, can only be copied from the text.",
    ),
    Example("2 + 3 = 5, 4 + 1 =", "A sum: the model writes a blank, and then “5”, 79 %."),
    Example("def add(a, b): return", "Code: what was passed first is returned, “a”, 88 %."),
    Example("uno, dos, tres, cuatro,", "Spanish: it counts on, “cin” of “cinco”, 79 %."),
    Example("The opposite of hot is", "A pair of words: “cold”, 68 %."),
    Example(STORY, "A story, as the Fable models read them. Much may follow: “was” has 29 %."),
)
TEXTS = tuple(example.text for example in EXAMPLES)


def first_text() -> str:
    """The text of a reader who has typed none: one that the first model does well."""
    return STORY if catalogue().default in SHIPPED else CAPITAL
