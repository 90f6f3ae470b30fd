"""Residual: what runs through all layers, and what keeps it in range?"""

import streamlit as st

from pages.n1_forward_pass.residual.residual_board import show_residual_board
from pages.n1_forward_pass.residual.residual_deeper import show_deeper
from pages.n1_forward_pass.residual.residual_questions import residual_questions
from pages.n1_forward_pass.residual.without_board import show_without_board
from ui.answers.check import show_check
from ui.frame import close_lesson, for_engineers, open_lesson
from ui.models import load

reader = open_lesson(
    "Residual",
    lead="Each token (a word or a piece of one) has one vector that runs through all layers, the "
    "**residual stream**. :violet[**Attention**] and :red[**MLP**] read it through a **norm** and "
    "add to it.",
)
config = load(reader.model_name).config

show_residual_board(reader)

st.subheader("Ablation: switch parts off", anchor=False)
show_without_board()

show_check(
    "residual-check",
    (reader.model_name, reader.token_ids),
    residual_questions,
    again="Ask about the layer and token I am looking at",
)

for_engineers("the block, the norm, and the runs with parts switched off, as code", show_deeper)

close_lesson(
    "Residual",
    recap=(
        f"The stream is a sum: the embedding and {2 * config.n_layers} additions. Thanks to the "
        "skip connections, each layer starts from all that was written before it.",
        "A norm divides by the vector’s own spread. Before its gain, each sublayer reads a vector "
        f"of length √{config.d_model} ≈ {config.d_model**0.5:.1f}, however long the stream has "
        "grown.",
        "An ablation shows what this text loses without a part. Without a skip connection, later "
        "layers get only what that one sublayer passes on.",
    ),
)
