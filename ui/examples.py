"""Texts to begin with, each with what to look for."""

from __future__ import annotations

from dataclasses import dataclass

from ui.known_models import SHIPPED, catalogue

CAPITAL = "The capital of France is"
STORY = "Once upon a time, there was a little girl named Lily. She"


@dataclass(frozen=True)
class Example:
    """A text, and in a line what it shows on the real model or on the Fable models."""

    text: str
    look_for: str


EXAMPLES = (
    Example(CAPITAL, "A fact: late in the model one head reads “France”."),
    Example(
        "When Alice and Bob went out, Alice gave a drink to",
        "Who is left? Heads that read names say it.",
    ),
    Example(
        "The animal didn't cross the street because it was too tired",
        "Choose the token “it”: in layer 14, head 9 reads “animal”.",
    ),
    Example(
        "Zorbel met Quandil. Zorbel greeted Quandil. Zorbel met",
        "Made-up names: what comes next can only be copied from the text.",
    ),
    Example("2 + 3 = 5, 4 + 1 =", "A sum: the pattern is easy, the number is not."),
    Example("def add(a, b): return", "Code: which name was given first?"),
    Example("La capitale de l'Italie est", "French, which the models have hardly read."),
    Example(STORY, "A story, as the small Fable models read them."),
)
TEXTS = tuple(example.text for example in EXAMPLES)


def first_text() -> str:
    """The text of a reader who has typed none: one that the first model does well."""
    return STORY if catalogue().default in SHIPPED else CAPITAL
