"""Mask: to be written."""

from ui.frame import close_lesson, open_lesson

reader = open_lesson("Who may look at whom?", step="Mask", minutes=5, lead="To be written.")
close_lesson("Mask", recap=("To be written.",))
