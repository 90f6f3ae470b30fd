"""Heads: to be written."""

from ui.frame import close_lesson, open_lesson

reader = open_lesson(
    "Why many heads instead of one?", step="Heads", minutes=5, lead="To be written."
)
close_lesson("Heads", recap=("To be written.",))
