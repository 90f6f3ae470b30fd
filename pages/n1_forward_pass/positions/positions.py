"""Positions: how does it know the order of the words?"""

import streamlit as st

from pages.n1_forward_pass.positions.position_board import show_position_board
from pages.n1_forward_pass.positions.position_charts import (
    recorded,
    show_position_loss,
    show_raw_positions,
    show_schemes_compared,
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
    "Positions",
    lead="Attention adds up what it reads, and a sum has no order. So something must say where "
    "each token (a word or a piece of one) stands, counted from 1.",
)
address_field("scheme", "order")

show_position_board(reader)

st.subheader("Does the order matter? Shuffle and see", anchor=False)
show_word_order()

st.subheader("Why not add 1, 2, 3, …? And what comes after the last position?", anchor=False)
numbers, beyond = st.columns(2)
with numbers:
    show_raw_positions(reader)
with beyond:
    show_position_loss()
with st.expander("Texts longer than in training: four ways", icon=":material/menu_book:"):
    st.markdown(
        "A model is trained on texts up to some length, its **context window**. These four ways "
        "help it to read further.\n"
        "- **Position interpolation** (Chen et al. 2023, arXiv 2306.15595) shrinks the positions "
        "so that a longer text uses only angles that were seen in training. Some more training "
        "follows.\n"
        "- **NTK-aware scaling** (described by Peng et al. 2023, arXiv 2309.00071) enlarges the "
        "base of the angles. Slow pairs are slowed down; fast pairs, which tell neighbours apart, "
        "hardly change.\n"
        "- **YaRN** (Peng et al. 2023, arXiv 2309.00071) decides for each pair by how often it "
        "turns within the trained length. It also sharpens the attention weights.\n"
        "- **ALiBi** (Press et al. 2021, arXiv 2108.12409) lowers scores by distance from the "
        "start of training. Its authors train on 1,024 tokens, read 2,048, and match a sinusoidal "
        "model trained on 2,048.\n\n"
        f"To measure the losses above again: `{recorded().command} --out FILE`"
    )
show_schemes_compared()

show_check(
    "positions-check",
    (reader.model_name, reader.token_ids),
    position_questions,
    again="Ask about the token I am looking at",
)

sinusoidal, learned, rope, alibi, none = st.tabs(["Sinusoidal", "Learned", "RoPE", "ALiBi", "None"])
with sinusoidal:
    show_code(sinusoidal_table, "The table of waves")
with learned:
    show_code(LearnedPosition, "A vector for each position")
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
        "Each scheme acts at one place. Sinusoidal and learned vectors are added to the embedding, "
        "RoPE turns :blue[queries] and :orange[keys], and ALiBi lowers the scores.",
        "Under RoPE the angle between a query and a key depends on their distance alone. Move both "
        "by as many positions, and the score stays the same.",
        "Without positions and without a mask, attention cannot tell one order from another. Under "
        "a causal mask it can, from the second layer on.",
    ),
)
