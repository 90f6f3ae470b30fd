"""Decoding: how is one token after another made fast?"""

import streamlit as st

from pages.n4_scale.decoding.draft_board import show_draft_board
from pages.n4_scale.decoding.passes_board import show_passes_board
from ui.frame import open_lesson

reader = open_lesson(
    "Decoding",
    lead="A model reads all **tokens** (words or pieces of words) of a prompt at once. This is "
    "**prefill**. Then it writes one token after another. This is **decode**, and each token waits "
    "for the one before it.",
)
show_passes_board(reader)
show_draft_board(reader)
st.write("")
