"""Write it: can you write it yourself?"""

import streamlit as st

from pages.n5_reference.write_it.write_board import show_write_board
from pages.n5_reference.write_it.write_deeper import show_deeper
from pages.n5_reference.write_it.write_questions import write_questions
from ui.answers.check import show_check
from ui.frame import close_lesson, for_engineers, open_lesson
from ui.state import setting

EXERCISE = "exercise"  # a setting of the address

reader = open_lesson(
    "Write it",
    lead="Four parts of a language model fit into at most twenty lines of Python each. In each of "
    "them one line is missing. Write it: the last test compares your function with what the "
    "model computes from your sentence.",
)
show_write_board(reader, setting(EXERCISE))

loops, numbers, alone = st.columns(3)
with loops.container(border=True, height="stretch"):
    st.markdown(
        "**Loops here, matrices there**  \n"
        "This code works through its numbers one after another. The model’s own code multiplies "
        "whole matrices. That computes the same sums for all tokens and heads at once. The "
        "results agree up to rounding."
    )
with numbers.container(border=True, height="stretch"):
    st.markdown(
        "**Why the highest score is subtracted**  \n"
        "Softmax divides powers of e, and e to the power of 710 is already too large for a number "
        "of 64 bits. Subtracting the highest score from all scores changes no quotient. Then no "
        "power is above 1."
    )
with alone.container(border=True, height="stretch"):
    st.markdown(
        "**Where your code runs**  \n"
        "It runs in this browser, by Pyodide, which is Python compiled to WebAssembly. It is not "
        "sent to the server. A run may take 5 seconds and 512 MB, and the browser’s functions for "
        "the network are switched off."
    )

show_check(
    "write_it-check",
    "write_it",
    write_questions,
    again="Ask again",
    settings=(EXERCISE,),
)

for_engineers("the same four in the model’s own code", show_deeper)

close_lesson(
    "Write it",
    recap=(
        "Attention for one token: dot products with all keys, a softmax, and a weighted sum of "
        "the values.",
        "The causal mask keeps, of each row of scores, those up to the token itself.",
        "A sampler keeps the k highest logits and turns them into probabilities at a temperature. "
        "It takes the token at which their running sum passes a random number.",
        "Byte-pair encoding joins the pair that was learned first, again and again, until no pair "
        "is known.",
    ),
)
