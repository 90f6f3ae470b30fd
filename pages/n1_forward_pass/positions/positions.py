"""Positions: how does it know the order of the words?"""

import streamlit as st

from pages.n1_forward_pass.positions.position_board import show_position_board
from pages.n1_forward_pass.positions.position_charts import (
    recorded,
    show_position_loss,
    show_raw_positions,
)
from pages.n1_forward_pass.positions.position_questions import position_questions
from pages.n1_forward_pass.positions.word_order import show_word_order
from transformer_core.lens.raw_positions import surviving
from transformer_core.lens.word_order import first_attention
from transformer_core.positions import (
    LearnedPosition,
    NoPosition,
    RotaryPosition,
    alibi_slopes,
    sinusoidal_table,
)
from ui.check import show_check
from ui.code_drawer import show_code
from ui.frame import address_field, close_lesson, open_lesson

reader = open_lesson(
    "How does it know the order of the words?",
    step="Positions",
    minutes=8,
    lead="Attention compares words two by two and adds up: without a mask it would read “dog bites "
    "man” and “man bites dog” alike. So something must say where each word stands. Here are five "
    "schemes, and the **one place** in the block where each acts. Positions count from 0.",
)
address_field("scheme")
address_field("order")

show_position_board(reader)

st.subheader("Does the order matter? Shuffle and see", anchor=False)
show_word_order()

st.subheader("Why not count 0, 1, 2, …? And what comes after the last position?", anchor=False)
numbers, beyond = st.columns(2)
with numbers:
    show_raw_positions(reader)
with beyond:
    show_position_loss()
with st.expander(
    "Longer than trained: four ways out, in a sentence each", icon=":material/menu_book:"
):
    st.markdown(
        "- **Position interpolation** (Chen et al. 2023, arXiv 2306.15595): squeeze the positions "
        "so that a longer text uses only angles that were seen, then train a little more.\n"
        "- **NTK-aware scaling** (described in arXiv 2309.00071): enlarge the base of the angles, "
        "so that slow pairs are squeezed and fast pairs, which tell neighbours apart, are not.\n"
        "- **YaRN** (Peng et al. 2023, arXiv 2309.00071): decide per pair by how often it turns "
        "within the trained length, and divide the scores by a temperature besides.\n"
        "- **ALiBi** (Press et al. 2021, arXiv 2108.12409): penalise distance from the start; its "
        "authors report training on 1,024 tokens and reading 2,048 as well as a sinusoidal model "
        "trained on 2,048.\n\n"
        f"To measure the losses above again: `{recorded().command} --out FILE`"
    )

show_check(
    "positions-check",
    (reader.model_name, reader.token_ids),
    position_questions,
    again="Ask about the word I am looking at",
)

sinusoidal, learned, rope, alibi, none = st.tabs(["Sinusoidal", "Learned", "RoPE", "ALiBi", "None"])
with sinusoidal:
    show_code(sinusoidal_table, "The table of waves")
with learned:
    show_code(LearnedPosition, "A row for each position")
with rope:
    show_code(RotaryPosition, "Queries and keys turned")
with alibi:
    show_code(alibi_slopes, "A slope for each head")
with none:
    show_code(NoPosition, "Nothing is added")
show_code(first_attention, "The first layer’s attention, positions taken out")
show_code(surviving, "What the norm leaves")

close_lesson(
    "Positions",
    recap=(
        "Each scheme acts at one place: added to the embedding (sinusoidal, learned), turning "
        ":blue[queries] and :orange[keys] (RoPE), or added to the scores (ALiBi).",
        "RoPE and ALiBi speak of distance only: slide two words along together and their score "
        "stays.",
        "Without positions and without a mask, attention cannot tell one order from another. Under "
        "a causal mask the order leaks in; the last word notices it from the second layer on.",
    ),
)
