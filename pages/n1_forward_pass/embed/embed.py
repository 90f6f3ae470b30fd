"""Embed: how does a token become a vector with a meaning?"""

import streamlit as st

from pages.n1_forward_pass.embed.context import different_tokens, show_context
from pages.n1_forward_pass.embed.embedding_board import show_embedding_board
from pages.n1_forward_pass.embed.embedding_questions import embedding_questions
from pages.n1_forward_pass.embed.embedding_size import show_embedding_size
from pages.n1_forward_pass.embed.vocabulary_map import show_analogies, show_vocabulary_map
from transformer_core.lens.embedding_map import analogy, cosines, principal_components
from transformer_core.transformer import Transformer
from ui.check import show_check
from ui.code_drawer import show_code
from ui.frame import address_field, close_lesson, link_to, open_lesson
from ui.models import load

reader = open_lesson(
    "Embed",
    lead="A token is a word or a piece of one, and its id is only a name. Each id has a row of "
    "learnt numbers in the **embedding matrix** E: the **vector** that the token starts from.",
)
address_field("entry")
loaded = load(reader.model_name)
config = loaded.config

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
    "change the vector, and what they add depends on the words before it."
)
show_context(reader)

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
        "**Tied embeddings.** This model uses the table twice. At the start a token looks up its "
        "row. At the end the final vector, after a last norm, is compared with every row; the dot "
        "products are the logits, the scores of the possible next tokens. So the matrix is counted "
        "once."
    )
else:
    st.markdown(
        "**Untied embeddings.** This model has a second matrix of the same size. It turns the "
        "final vector into logits, the scores of the possible next tokens. Tied models, such as "
        "GPT-2, use one matrix for both."
    )

show_code(Transformer.trace, "The code that just ran; its first two lines are this lesson")
show_code(type(loaded.model.position).embed, "What the position adds")
show_code(principal_components, "The axes of the map")
show_code(cosines, "Cosine with every row")
show_code(analogy, "Arithmetic with words", when="whenever a sum of words is asked for")
show_code(
    different_tokens,
    "Cosine of different tokens, layer by layer",
    when="whenever sentences are compared",
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
