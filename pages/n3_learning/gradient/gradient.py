"""Gradient step: how does it learn?"""

import streamlit as st

from pages.n3_learning.gradient.pull_board import show_pull_board
from pages.n3_learning.gradient.step_board import show_step_board
from ui.frame import close_lesson, open_lesson
from ui.state import setting

reader = open_lesson(
    "Gradient step",
    lead="The **loss** of a text is the mean cost of its **tokens** (words or pieces of words), in "
    "**nats** (natural-log units). A **gradient** says for each weight how the loss changes with "
    "it. One step moves all weights a little against it.",
)
show_step_board(reader, setting("rate"))

st.subheader("Where the gradient begins", anchor=False)
show_pull_board(reader)

close_lesson("Gradient step", recap=("x",))
