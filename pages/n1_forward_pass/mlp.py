"""MLP: to be written."""

from ui.frame import close_lesson, open_lesson

reader = open_lesson(
    "What happens to each token on its own?", step="MLP", minutes=5, lead="To be written."
)
close_lesson("MLP", recap=("To be written.",))
