"""Circuits: how do heads work together, and which of them matter?"""

import streamlit as st

from pages.n1_forward_pass.heads.circuit_questions import circuit_questions
from pages.n1_forward_pass.heads.circuits_deeper import show_deeper
from pages.n1_forward_pass.heads.induction_board import show_induction_board
from pages.n1_forward_pass.heads.removal_board import show_removal_board
from ui.answers.check import show_check
from ui.frame import close_lesson, for_engineers, open_lesson
from ui.provenance import tag

reader = open_lesson(
    "Circuits",
    lead="A head can write into the **residual stream** what a later head reads: together they are "
    "a **circuit**. **Induction**, for example, continues a text that the model has only just "
    "read.",
)

st.subheader("Two heads that work together: induction", anchor=False)
show_induction_board()

st.subheader("Where a head looks, and what it brings", anchor=False)
where, what = st.columns(2)
with where.container(border=True, height="stretch"):
    st.markdown(
        "**The QK circuit: where**  \n"
        ":blue[W_Q] and :orange[W_K] turn the vectors of two tokens (words or pieces of words) "
        "into a :blue[query] and a :orange[key], and their product into a score. They decide "
        "*where* a head attends. A key can hold what an earlier head wrote there. So one head can "
        "leave a note, and a later head can search for it."
    )
with what.container(border=True, height="stretch"):
    st.markdown(
        "**The OV circuit: what**  \n"
        ":green[W_V] and W_O turn the vector of the token attended to into what is added to the "
        "stream. They decide *what* a head brings from there. This can raise the **logit** of a "
        "token, which is its score before the softmax, or lower it. "
        + tag("published", "Elhage et al. 2021, transformer-circuits.pub")
    )

st.subheader("Which heads matter?", anchor=False)
show_removal_board()

show_check(
    "circuits-check",
    (reader.model_name, reader.token_ids),
    circuit_questions,
    again="Ask about another head of my sentence",
)

for_engineers(
    "the QK and OV matrices, every induction head as it was measured, and the code", show_deeper
)

close_lesson(
    "Circuits",
    recap=(
        "W_Q and W_K decide where a head attends. W_V and W_O decide what it brings from there. "
        "The two can be read apart.",
        "Induction takes two heads in different layers: the first notes what came before, the "
        "second looks for that note and copies.",
        "Attention weights show where a head attends. What the prediction owes to it shows when it "
        "is ablated, and depends on the text.",
    ),
)
