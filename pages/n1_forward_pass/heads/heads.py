"""Heads: why many readings at once instead of one?"""

import streamlit as st

from pages.n1_forward_pass.heads.heads_board import show_heads_board
from pages.n1_forward_pass.heads.heads_questions import heads_questions
from pages.n1_forward_pass.heads.pair_board import show_pair_board
from pages.n1_forward_pass.heads.removal_board import show_removal_board
from pages.n1_forward_pass.heads.split_board import show_split_board
from transformer_core.attention import join_heads, split_heads
from transformer_core.lens.ablation import without_head
from transformer_core.lens.head_roles import mean_weight_on
from ui.check import show_check
from ui.code_drawer import show_code
from ui.frame import address_field, close_lesson, open_lesson
from ui.models import load

reader = open_lesson(
    "Why many heads instead of one?",
    step="Heads",
    minutes=7,
    lead="One head has one softmax per word (“word” stands for token on this page): what it gives "
    "to one word it takes from another. So a layer holds several **heads** side by side, each with "
    "queries, keys and values of its own, and a word can look at the word before it, at a name and "
    "at the last full stop at once.",
)
config = load(reader.model_name).config

address_field("role")
show_heads_board(reader)
show_removal_board()
show_split_board(reader)

st.subheader("The same head, two sentences", anchor=False)
st.markdown(
    "A head’s matrices stay the same for every text; the map that they make depends on the words. "
    "The first sentence is yours, from the top of the page; the second stands here. The well-known "
    "pair “tired / wide” was first shown in a model that reads the whole sentence at once, so that "
    "“it” sees the end (Uszkoreit 2017, Google Research blog); in a model that writes, it cannot."
)
show_pair_board()

show_check(
    "heads-check",
    (reader.model_name, reader.token_ids),
    heads_questions,
    again="Ask about the head and word I am looking at",
)

show_code(split_heads, "Split into heads")
show_code(join_heads, "Joined again")
show_code(mean_weight_on, "How a role is scored")
show_code(without_head, "A head switched off")

close_lesson(
    "Heads",
    recap=(
        f"A head has one softmax per word; {config.n_layers} layers of {config.n_heads} heads are "
        f"{config.n_layers * config.n_heads} of them, and some have a role that can be measured.",
        f"Heads share the width: {config.n_heads} × {config.d_head} = {config.d_model}. Each reads "
        "on its own; W_O adds up what they found.",
        "What a head is worth shows when it is switched off, and depends on the text.",
    ),
)
