"""Positions: to be written."""

from ui.frame import close_lesson, open_lesson

reader = open_lesson(
    "How does it know the order of the words?", step="Positions", minutes=5, lead="To be written."
)
close_lesson("Positions", recap=("To be written.",))
