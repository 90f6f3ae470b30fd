"""Cost: what does a long text cost, and what does the cache save?"""

import streamlit as st

from pages.n4_scale.cost.cost_board import show_cost_board
from pages.n4_scale.cost.cost_deeper import show_deeper
from pages.n4_scale.cost.cost_questions import cost_questions
from ui.answers.check import show_check
from ui.frame import close_lesson, for_engineers, open_lesson
from ui.state import setting

reader = open_lesson(
    "Cost",
    lead="A text has *n* tokens (words or pieces of words). Matrices work on each token alone, so "
    "their cost grows with *n*. Attention compares tokens in pairs: its scores and its mixing grow "
    "with *n*². The cost is counted in floating-point operations (**FLOP**).",
)
show_cost_board(reader, setting("length"))
st.markdown(
    "Without the cache, each new token needs a pass over the whole text so far. With it, the "
    "prompt is computed once, and then one position for each token that is written."
)

show_check(
    "cost-check",
    (reader.model_name, reader.token_ids),
    cost_questions,
    again="Ask about my text as it is now",
)

for_engineers(
    "the times measured here, what limits reading and writing, how the cost is lowered, the code",
    show_deeper,
)

close_lesson(
    "Cost",
    recap=(
        "The cost of the matrices grows with n, that of scores and mixing with n². The matrices "
        "dominate short texts. Beyond the crossover, attention dominates.",
        "With the KV cache, a new token needs one position to be computed. Its query still reads "
        "all n keys: O(n) for a step, O(n²) for a text.",
        "The cache pays with memory: 2 · layers · key-value heads · d_head numbers for each token.",
    ),
)
