"""Length: what comes after the last position?"""

import streamlit as st

from pages.n1_forward_pass.positions.far_board import show_far_board
from pages.n1_forward_pass.positions.length_deeper import show_deeper
from pages.n1_forward_pass.positions.length_questions import length_questions
from pages.n1_forward_pass.positions.position_charts import (
    show_raw_positions,
    show_schemes_compared,
)
from ui.answers.check import show_check
from ui.frame import close_lesson, for_engineers, open_lesson
from ui.navigation.course import link_to

reader = open_lesson(
    "Length",
    lead="A model is trained on texts up to some length, its **context window**. In a longer text, "
    "later tokens (words or pieces of words) stand at positions that training never showed.",
)
link_to("Positions", "The five schemes: see Positions")

st.subheader("Why not add 1, 2, 3, …?", anchor=False)
st.markdown(
    "The plainest way is to add the position p to each token’s vector. But each layer reads "
    "through a **norm**, which brings the sum to a common size: the larger p is, the less of the "
    "token is left."
)
show_raw_positions(reader)

st.subheader("Beyond the trained length", anchor=False)
st.markdown(
    "A learned table ends with its last row. RoPE turns :blue[queries] and :orange[keys], the two "
    "vectors whose product is the score between two tokens, by an angle for each position. A slow "
    "pair of numbers does not come round once in training, so a longer text turns it to angles "
    "that training never showed."
)
show_far_board()
link_to("Long context", "RoPE beyond the trained length, measured: Long context")
show_schemes_compared()

show_check(
    "length-check",
    (reader.model_name, reader.token_ids),
    length_questions,
    again="Start these questions again",
)

for_engineers("how ALiBi reads further, and the code", show_deeper)

close_lesson(
    "Length",
    recap=(
        "Plain numbers grow beyond every size, and a norm then leaves little of the token. Divided "
        "by the length of the text, one number stands for different positions.",
        "Beyond the trained length a learned table has no row. Under plain RoPE, "
        "slow pairs reach angles that training never showed, and the loss rises.",
        "ALiBi lowers scores by distance and goes on in the same way. RoPE can be stretched: its "
        "angles are slowed down, so that far positions look like near ones.",
    ),
)
