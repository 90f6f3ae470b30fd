"""Residual: what keeps a deep stack trainable?"""

import streamlit as st

from ui.frame import address_field, close_lesson, open_lesson
from ui.removal_board import show_removal_board
from ui.residual_board import show_residual_board

address_field("removed")
reader = open_lesson(
    "What keeps a deep stack trainable?",
    step="Residual",
    minutes=6,
    lead="Each word has one vector that runs through all layers: the **residual stream**. "
    ":violet[**Attention**] and :red[**MLP**] read it through a **norm**, which brings it to a "
    "common size, and add what they found. Nothing is overwritten.",
)
show_residual_board(reader)
st.subheader("Take something out", anchor=False)
show_removal_board()
close_lesson("Residual", recap=("To be written.",))
