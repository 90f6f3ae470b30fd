"""Embed: how does a token become a vector with a meaning?"""

import streamlit as st

from pages.n1_forward_pass.embed.context import show_context
from pages.n1_forward_pass.embed.embed_deeper import show_deeper
from pages.n1_forward_pass.embed.embedding_board import show_embedding_board
from pages.n1_forward_pass.embed.embedding_questions import embedding_questions
from pages.n1_forward_pass.embed.vocabulary_map import show_analogies, show_vocabulary_map
from ui.answers.check import show_check
from ui.frame import close_lesson, for_engineers, open_lesson
from ui.models import load
from ui.navigation.course import link_to

reader = open_lesson(
    "Embed",
    lead="A token is a word or a piece of one, and its id is only a name. Each id has a row of "
    "learnt numbers in the **embedding matrix** E: the **vector** that the token starts from.",
)
config = load(reader.model_name).config

show_embedding_board(reader)
if config.position in ("rope", "alibi", "none"):
    link_to("Positions", "Where this model’s order of words comes from")

st.subheader("Similar use, similar direction", anchor=False)
st.markdown(
    "Two rows are compared by the **cosine** of the angle between them. The model never saw a "
    "dictionary; it learnt to predict the next token. Tokens that can stand in the same places "
    "have to lead to similar predictions, so they got similar rows."
)
show_vocabulary_map(reader)
show_analogies(reader)

st.subheader("One row, many meanings", anchor=False)
st.markdown(
    "A bank holds money, and a river has a bank. The table has one row for both. The layers then "
    "change the vector, and what they add depends on the words before it. The step that brings in "
    "other words is called **attention**; the lesson Attend shows it."
)
show_context(reader)

show_check(
    "embed-check",
    (reader.model_name, reader.token_ids),
    embedding_questions,
    again="Ask about the token I am looking at",
)

for_engineers(
    "search in a graph, how large the table is, one matrix for both ends, the code", show_deeper
)

close_lesson(
    "Embed",
    recap=(
        f"A token's id selects one of {config.vocab_size:,} rows of {config.d_model} learnt "
        "numbers. The same token always gets the same row.",
        "Tokens that are used alike have rows with similar directions. Rare tokens also lie close "
        "together, for another reason.",
        "The row is static: one vector for all meanings. The layers make it contextual.",
        "The vector of the position is added to the row, and the sum enters layer 1."
        if config.position in ("learned", "sinusoidal")
        else "Nothing in the row says where the token stands. Positions come in later, inside "
        "attention.",
    ),
)
