"""Tokenize: to be written."""

from ui.frame import close_lesson, open_lesson

reader = open_lesson(
    "How does text become numbers?", step="Tokenize", minutes=5, lead="To be written."
)
close_lesson("Tokenize", recap=("To be written.",))
