"""Embed: to be written."""

from ui.frame import close_lesson, open_lesson

reader = open_lesson(
    "How does a token become a vector with a meaning?",
    step="Embed",
    minutes=5,
    lead="To be written.",
)
close_lesson("Embed", recap=("To be written.",))
