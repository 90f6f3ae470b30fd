"""Heads: why many readings at once instead of one?"""

import streamlit as st

from pages.n1_forward_pass.heads.heads_board import show_heads_board
from pages.n1_forward_pass.heads.heads_questions import heads_questions
from pages.n1_forward_pass.heads.induction_board import show_induction_board
from pages.n1_forward_pass.heads.pair_board import show_pair_board
from pages.n1_forward_pass.heads.removal_board import show_removal_board
from pages.n1_forward_pass.heads.split_board import show_split_board
from transformer_core.attention import join_heads, split_heads
from transformer_core.lens.ablation import without_head
from transformer_core.lens.head_roles import mean_weight_on
from transformer_core.lens.induction import find_circuit
from ui.check import show_check
from ui.code_drawer import show_code
from ui.frame import address_field, close_lesson, open_lesson
from ui.models import load

reader = open_lesson(
    "Heads",
    lead="A **token** is a word or a piece of one. In one **head**, a token’s attention weights "
    "add up to 1: what it gives to one token it takes from the others. With several heads it can "
    "attend to several tokens at once. “6.5” means layer 6, head 5.",
)
config = load(reader.model_name).config

address_field("role")
show_heads_board(reader)
st.subheader("Two heads that work together: induction", anchor=False)
show_induction_board()
show_removal_board()
show_split_board(reader)

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

show_code(split_heads, "Split into heads")
show_code(join_heads, "Joined again")
show_code(mean_weight_on, "How a role is scored")
show_code(find_circuit, "The induction circuit", when="once for this model, on the repeating text")
show_code(without_head, "A head switched off")

close_lesson(
    "Heads",
    recap=(
        f"A head has one softmax for each token. {config.n_layers} layers of {config.n_heads} "
        f"heads are {config.n_layers * config.n_heads} heads. Some have a role that can be "
        "measured.",
        f"Heads share the width: {config.n_heads} × {config.d_head} = "
        f"{config.n_heads * config.d_head}. Each works on its own, and W_O adds up their outputs.",
        "Induction takes two heads in different layers: the first notes what came before, the "
        "second looks for that note and copies.",
        "Attention weights show where a head attends. What the prediction owes to it shows when it "
        "is ablated, and depends on the text.",
    ),
)
