"""Embed for engineers: search in a graph, the size of the table, whether it is used twice, code."""

import streamlit as st

from pages.n1_forward_pass.embed.context import different_tokens
from pages.n1_forward_pass.embed.embedding_size import show_embedding_size
from pages.n1_forward_pass.embed.search_board import show_search
from transformer_core.lens.embedding_map import analogy, cosines, principal_components
from transformer_core.nearest_neighbours import NavigableGraph
from transformer_core.transformer import Transformer
from ui.code_drawer import show_code
from ui.frame import reader
from ui.models import load

TIED = (
    "**Tied embeddings.** This model uses the table twice. At the start a token looks up its "
    "row. At the end the final vector, after a last norm, is compared with every row; the dot "
    "products are the logits, the scores of the possible next tokens. So the matrix is counted "
    "once."
)
UNTIED = (
    "**Untied embeddings.** This model has a second matrix of the same size. After the "
    "final norm, it turns the last vector into logits, the scores of the possible next tokens. "
    "Tied models, such as GPT-2, use one matrix for both."
)
SEARCH = (
    "The map above compares a row with every row of the table. A retrieval system or a vector "
    "database may hold many millions of vectors, too many to compare with each. It can link near "
    "vectors in a graph and search that: a hierarchical navigable small world graph, HNSW "
    "(Malkov and Yashunin 2018). Such a search is approximate and may miss some of the nearest."
)


def show_deeper() -> None:
    """A search among some rows, the table's part of all parameters, then the code."""
    now = reader()
    loaded = load(now.model_name)
    st.subheader("Nearest without comparing all", anchor=False)
    st.markdown(SEARCH)
    show_search(now)
    st.markdown(
        "A language model does not search like this. It needs a probability for every token, so "
        f"its unembedding compares the final vector with all {loaded.config.vocab_size:,} rows."
    )
    st.subheader("How large the table is", anchor=False)
    show_embedding_size(loaded)
    st.markdown(TIED if loaded.config.tied_embeddings else UNTIED)
    show_code(Transformer.trace, "The code that just ran; its first two lines are this lesson")
    show_code(type(loaded.model.position).embed, "What the position adds")
    show_code(principal_components, "The axes of the map")
    show_code(cosines, "Cosine with every row")
    show_code(analogy, "Arithmetic with words", when="whenever a sum of words is asked for")
    show_code(NavigableGraph.search, "A search in the graph", when="for each word that is searched")
    show_code(
        NavigableGraph._search_level, "One level of it", when="for each word that is searched"
    )
    show_code(
        different_tokens,
        "Cosine of different tokens, layer by layer",
        when="whenever sentences are compared",
    )
