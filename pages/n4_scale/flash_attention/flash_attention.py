"""FlashAttention: how is attention computed without writing its scores down?"""

import streamlit as st

from pages.n4_scale.flash_attention.flash_deeper import show_deeper
from pages.n4_scale.flash_attention.flash_questions import flash_questions
from pages.n4_scale.flash_attention.tiles_board import show_tiles_board
from pages.n4_scale.flash_attention.traffic_board import show_traffic_board
from ui.answers.check import show_check
from ui.frame import close_lesson, for_engineers, open_lesson
from ui.provenance import tag
from ui.state import setting

reader = open_lesson(
    "FlashAttention",
    lead="Attention compares *n* **tokens** (words or pieces of words) in pairs. A "
    "softmax turns each row of these *n*² scores into weights, and seems to need the whole row at "
    "once. **FlashAttention** works through the scores in **tiles** and gets the same result, up "
    "to rounding.",
)
show_tiles_board(reader, setting("tile"))

st.subheader("Why fewer bytes are speed", anchor=False)
st.markdown(
    "An accelerator has a large, slow memory (**HBM**) and a small, fast one beside each computing "
    "unit (**SRAM**). In an A100 GPU the slow one delivers 1.5 to 2.0 TB per second, the fast one "
    f"about 19 {tag('published', 'Dao et al. 2022')}. What is computed with has to come from the "
    "slow memory first. If there is little arithmetic for each byte, the computing units wait. The "
    "number of operations (**FLOP**) for each byte moved is called **arithmetic intensity**."
)
show_traffic_board()

picture, same, published = st.columns(3)
with picture.container(border=True, height="stretch"):
    st.markdown(
        "**A way to picture it**  \n"
        "A shopkeeper adds up banknotes in the unit of the largest note so far. When a larger one "
        "comes in, the sum is converted once, and counting goes on in the new unit. Nobody looks "
        "at the earlier notes again. The unit is m, and e to (m before − m now) is the rate.  \n"
        "*Where it breaks down:* the shopkeeper keeps one sum. A row keeps two, l and o. Both are "
        "converted, and in the end only their ratio counts."
    )
with same.container(border=True, height="stretch"):
    st.markdown(
        "**What it does not change**  \n"
        "- The result is the same, up to rounding. FlashAttention is no approximation.\n"
        "- The arithmetic is not less. All scores are computed, and in training once more: the "
        "backward pass computes them again instead of reading them from memory.\n"
        "- The number of scores still grows with n². The extra memory grows with n only "
        f"{tag('published', 'Dao et al. 2022, theorem 1')}. That attention needs no memory of size "
        f"n² had been shown before {tag('published', 'Rabe and Staats 2021, arXiv 2112.05682')}."
    )
with published.container(border=True, height="stretch"):
    st.markdown(
        "**Published speed-ups, not measured here**  \n"
        "- FlashAttention: 2 to 4 times as fast as optimised attention. "
        f"{tag('published', 'Dao 2023, arXiv 2307.08691')}\n"
        "- One example, forward and backward on an A100: 66.6 GFLOP became 75.2, 40.3 GB moved "
        "became 4.4, and 41.7 ms became 7.3. "
        f"{tag('published', 'Dao et al. 2022, figure 2, arXiv 2205.14135')}\n"
        "- FlashAttention-2: about twice as fast again, by a better division of the work. "
        f"{tag('published', 'Dao 2023')}\n"
        "- FlashAttention-3: another 1.5 to 2 times on an H100 GPU with 16-bit numbers. "
        f"{tag('published', 'Shah et al. 2024, arXiv 2407.08608')}"
    )

show_check(
    "flash_attention-check",
    (reader.model_name, reader.token_ids),
    flash_questions,
    again="Ask about my text as it is now",
    settings=("tile",),
)

for_engineers("the recurrence, the theorem, the backward pass, the code", show_deeper)

close_lesson(
    "FlashAttention",
    recap=(
        "A row keeps its highest score m, a sum l and an output o. A higher score multiplies l and "
        "o by e to (m before − m now), and nothing is lost.",
        "So the scores never reach slow memory. Keys and values are read once for each tile of "
        "queries: the larger the tile, the fewer bytes.",
        "The arithmetic stays. It is faster because moving the scores, not computing them, took "
        "the time.",
    ),
)
