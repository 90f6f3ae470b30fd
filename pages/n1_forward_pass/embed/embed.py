"""Embed: how does a token become a vector with a meaning?"""

import streamlit as st

from pages.n1_forward_pass.embed.embedding_board import show_embedding_board
from pages.n1_forward_pass.embed.embedding_questions import embedding_questions
from pages.n1_forward_pass.embed.embedding_size import show_embedding_size
from pages.n1_forward_pass.embed.vocabulary_map import show_analogies, show_vocabulary_map
from transformer_core.lens.embedding_map import analogy, cosines, principal_components
from transformer_core.transformer import Transformer
from ui.check import show_check
from ui.code_drawer import show_code
from ui.frame import address_field, close_lesson, open_lesson
from ui.models import load

reader = open_lesson(
    "How does a token become a vector with a meaning?",
    step="Embed",
    minutes=6,
    lead="A token's id is only a name. The model keeps one row of learnt numbers for each id, the "
    "**embedding matrix** E, and whatever it makes of the token starts from that row. "
    "A **vector** is such a list of numbers, read as a direction and a length.",
)
address_field("entry")
loaded = load(reader.model_name)
config = loaded.config

show_embedding_board(reader)
lessons = st.session_state["lessons"]
if config.position in ("rope", "alibi", "none") and "Positions" in lessons:
    st.page_link(
        lessons["Positions"],
        label="Where this model's order of words comes from",
        icon=":material/arrow_forward:",
    )

st.subheader("Near in direction, near in use", anchor=False)
st.markdown(
    "Two rows are compared by the **cosine** of the angle between them. Training never saw a "
    "dictionary: tokens that can stand in the same places got similar rows, because they have to "
    "lead to similar predictions."
)
show_vocabulary_map(reader)
show_analogies(reader)

show_check(
    "embed-check",
    (reader.model_name, reader.token_ids),
    embedding_questions,
    again="Ask about the token I am looking at",
)

st.subheader("How large the table is", anchor=False)
show_embedding_size(loaded)
if config.tied_embeddings:
    st.markdown(
        "**Tied embeddings.** This model uses the table twice: at the start a token looks up its "
        "row; at the end the finished vector is compared with every row, and the dot products are "
        "the scores of the next token. So a row has two duties, and the matrix is counted once."
    )
else:
    st.markdown(
        "**Untied embeddings.** This model has a second matrix of the same size that reads the "
        "finished vector at the end; tied models, such as GPT-2, use one matrix for both."
    )

show_code(Transformer.trace, "The code that just ran: this lesson is its first two lines")
show_code(type(loaded.model.position).embed, "What the position adds")
show_code(principal_components, "The axes of the map")
show_code(cosines, "Cosine with every row")
show_code(analogy, "Arithmetic with words", when="whenever a sum of words is asked for")

close_lesson(
    "Embed",
    recap=(
        f"A token's id picks one of {config.vocab_size:,} rows of {config.d_model} learnt numbers; "
        "the same token always gets the same row.",
        "What a token means lies in the direction of its row: tokens used alike point alike, and "
        "so do those hardly used at all.",
        "The position's row is added to it, and the sum enters block 1."
        if config.position in ("learned", "sinusoidal")
        else "Nothing says yet where the token stands: order comes in later, inside attention.",
    ),
)
