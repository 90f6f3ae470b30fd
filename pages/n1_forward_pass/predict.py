"""Predict: to be written."""

from ui.frame import close_lesson, open_lesson

reader = open_lesson(
    "How does a vector become the next word?", step="Predict", minutes=5, lead="To be written."
)
close_lesson("Predict", recap=("To be written.",))
