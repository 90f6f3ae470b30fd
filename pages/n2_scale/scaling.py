"""Scaling: to be written."""

from ui.frame import close_lesson, open_lesson

reader = open_lesson(
    "How large a model, and how much text, for a given budget?",
    step="Scaling",
    minutes=5,
    lead="To be written.",
)
close_lesson("Scaling", recap=("To be written.",))
