"""Embed for engineers: the size of the table, whether it is used twice, and the code."""

import streamlit as st

from pages.n1_forward_pass.embed.context import different_tokens
from pages.n1_forward_pass.embed.embedding_size import show_embedding_size
from transformer_core.lens.embedding_map import analogy, cosines, principal_components
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


def show_deeper() -> None:
    """The table's part of all parameters, then the code."""
    loaded = load(reader().model_name)
    st.subheader("How large the table is", anchor=False)
    show_embedding_size(loaded)
    st.markdown(TIED if loaded.config.tied_embeddings else UNTIED)
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
