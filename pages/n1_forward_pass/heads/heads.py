"""Heads: why many readings at once instead of one?"""

import streamlit as st

from pages.n1_forward_pass.heads.heads_board import show_heads_board
from pages.n1_forward_pass.heads.heads_deeper import show_deeper
from pages.n1_forward_pass.heads.heads_questions import heads_questions
from pages.n1_forward_pass.heads.pair_board import show_pair_board
from ui.answers.check import show_check
from ui.frame import close_lesson, for_engineers, open_lesson
from ui.models import load

reader = open_lesson(
    "Heads",
    lead="A **token** is a word or a piece of one. In one **head**, a token’s attention weights "
    "add up to 1: what it gives to one token it takes from the others. With several heads it can "
    "attend to several tokens at once. “6.5” means "
    "layer 6, head 5.",
)
config = load(reader.model_name).config

show_heads_board(reader)

st.subheader("The same head, two sentences", anchor=False)
st.markdown(
    "A head’s matrices stay the same for every text, but its attention weights depend on the "
    "tokens. The first sentence is yours, from the top of the page. The second stands here. The "
    "well-known pair “tired / wide” was first shown in an encoder, which sees the whole sentence "
    "at once, so “it” sees the end (Uszkoreit 2017, Google Research blog). In a model that "
    "predicts the next token, “it” cannot see what comes later."
)
show_pair_board()

show_check(
    "heads-check",
    (reader.model_name, reader.token_ids),
    heads_questions,
    again="Ask about the head and word I am looking at",
)

for_engineers(
    "the width of a layer split among its heads, shared keys and values, and the code",
    show_deeper,
)

close_lesson(
    "Heads",
    recap=(
        f"A head has one softmax for each token. {config.n_layers} layers of {config.n_heads} "
        f"heads are {config.n_layers * config.n_heads} heads. Some have a role that can be "
        "measured.",
        f"Heads share the width: {config.n_heads} × {config.d_head} = "
        f"{config.n_heads * config.d_head}. Each works on its own, and W_O adds up their outputs.",
        "A head’s matrices are the same for every text. Where it attends depends on the tokens, "
        "and on nothing that comes after them.",
    ),
)
