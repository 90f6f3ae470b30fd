"""Recurrence: what came before, and why did attention win?"""

from pages.n0_why.recurrence.paths_board import show_paths_board
from pages.n0_why.recurrence.reach_board import show_reach_board
from pages.n0_why.recurrence.state_board import show_state_board
from pages.n0_why.recurrence.steps_board import show_steps_board
from ui.frame import close_lesson, open_lesson

reader = open_lesson(
    "Recurrence",
    lead="Before 2017, language models read a text one **token** (a word or a piece of one) after "
    "the other. A **recurrent** network carries a vector of fixed size, its **state**, from token "
    "to token. Attention lets each token look at every earlier one directly.",
)
show_paths_board(reader)
show_reach_board()
show_steps_board()
show_state_board(reader)

close_lesson("Recurrence", recap=("…",))
