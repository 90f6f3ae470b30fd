"""Residual: to be written."""

from ui.frame import close_lesson, open_lesson

reader = open_lesson(
    "What keeps a deep stack trainable?", step="Residual", minutes=5, lead="To be written."
)
close_lesson("Residual", recap=("To be written.",))
