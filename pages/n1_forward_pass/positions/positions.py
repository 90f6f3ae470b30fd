"""Positions: how does it know the order of the words?"""

import streamlit as st

from pages.n1_forward_pass.positions.position_board import show_position_board
from pages.n1_forward_pass.positions.position_questions import position_questions
from pages.n1_forward_pass.positions.positions_deeper import show_deeper
from pages.n1_forward_pass.positions.word_order import show_word_order
from ui.answers.check import show_check
from ui.frame import close_lesson, for_engineers, open_lesson
from ui.navigation.course import link_to

reader = open_lesson(
    "Positions",
    lead="What one token takes from the others is a weighted sum, and a sum has no order. So "
    "something must say where each token (a word or a piece of one) stands, counted from 1. Here "
    "are five schemes and the **one place** where each acts.",
)

with st.expander("What you need to know of attention here", icon=":material/menu_book:"):
    st.markdown(
        "Each layer makes three vectors of every "
        "token: a :blue[query], a :orange[key] and a :green[value]. The product of one token’s "
        "query and another’s key is a **score**. The higher it is, the more the first token takes "
        "of the other’s value. A layer does this several times side by side, in **heads**. The "
        "**causal mask** hides from each token all that come after it."
    )
    link_to("Attend", "Attention step by step: see Attend")

show_position_board(reader)

st.subheader("Does the order matter? Shuffle and see", anchor=False)
show_word_order()

show_check(
    "positions-check",
    (reader.model_name, reader.token_ids),
    position_questions,
    again="Ask about the token I am looking at",
)

for_engineers("the five schemes as code, and attention without positions", show_deeper)

close_lesson(
    "Positions",
    recap=(
        "Each scheme acts at one place. Sinusoidal and learned vectors are added to the embedding, "
        "RoPE turns :blue[queries] and :orange[keys], and ALiBi lowers the scores.",
        "Under RoPE, positions change the angle between a query and a key only by their distance. "
        "Move both by as many positions, and the score stays the same.",
        "Without positions and without a mask, attention cannot tell one order from another. Under "
        "a causal mask it can: at the last token from the second layer on.",
    ),
)
