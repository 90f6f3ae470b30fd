"""What Circuits holds for engineers: a head as two matrices, both halves of induction, the code."""

import streamlit as st

from pages.n1_forward_pass.heads.halves_board import show_halves_board
from transformer_core.config import TransformerConfig
from transformer_core.lens.ablation import without_head
from transformer_core.lens.induction import find_circuit
from ui.code_drawer import show_code
from ui.frame import reader
from ui.models import load
from ui.provenance import tag


def show_deeper() -> None:
    """Two products of matrices and how they compose; both halves of induction; the code."""
    model_name = reader().model_name
    _show_matrices(load(model_name).config)
    show_halves_board(model_name)
    show_code(
        find_circuit, "The induction circuit", when="once for this model, on the repeating text"
    )
    show_code(without_head, "A head switched off")


def _show_matrices(config: TransformerConfig) -> None:
    """In the shapes of the reader's model."""
    d, d_head = config.d_model, config.d_head
    rope = (
        " In this model RoPE turns q and k in between, by angles that depend on the distance."
        if config.position == "rope"
        else ""
    )
    st.markdown(
        "**A head as two matrices** "
        f"{tag('published', 'Elhage et al. 2021, transformer-circuits.pub')}  \n"
        "Leave biases and norms aside, and write x for a token’s vector as a row.\n"
        "- The score of a query token i with a key token j: `x_i · W_Q W_Kᵀ · x_jᵀ / √d_head`\n"
        "- What j adds to i: its attention weight times `x_j · W_V W_O`\n\n"
        "W_Q W_Kᵀ and W_V W_O are matrices of "
        f"{d} × {d} numbers. Their rank is at most {d_head}, the width of a head, so a head "
        f"reads and writes in few directions of the stream.{rope}\n\n"
        "**Three ways to compose two heads**  \n"
        "A head of a later layer can read what an earlier head wrote through W_Q, W_K or W_V.\n"
        "- **K-composition**: its key holds the note. Induction in the picture above is of this "
        "kind.\n"
        "- **Q-composition**: its query holds what was written, so the earlier head decides where "
        "the later one looks.\n"
        "- **V-composition**: its value holds what was written, so the two move information in "
        "two steps, like one head with the product of their attention patterns."
    )
