"""Cost: to be written."""

from ui.frame import close_lesson, open_lesson

reader = open_lesson("What does a long text cost?", step="Cost", minutes=5, lead="To be written.")
close_lesson("Cost", recap=("To be written.",))
