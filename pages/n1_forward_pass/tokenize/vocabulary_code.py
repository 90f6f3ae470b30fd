"""Which code cut the reader's text, and which learnt the merges: each vocabulary has its own."""

from __future__ import annotations

import streamlit as st

from pages.n1_forward_pass.tokenize.tokenize_board import byte_ids
from transformer_core.bpe import encode_steps, learn_merges, split_words
from transformer_core.published.byte_pair_encoding import BytePairEncoding
from ui.code_drawer import show_code
from ui.known_models import SHIPPED
from ui.models import load
from ui.state import Reader


def show_vocabulary_code(reader: Reader) -> None:
    """What ran for this page, and of the app's own vocabulary also what learnt it."""
    show_code(split_words, "First of all, the text is cut into words")
    show_code(encode_steps, "Then each word's bytes are joined, step by step, as drawn above")
    if reader.model_name in SHIPPED:
        show_code(
            learn_merges,
            "How the merges were learnt",
            when="once, on the training text, when the vocabulary was made",
        )
        return
    show_code(BytePairEncoding._merged, "What gave the model its ids")
    show_code(
        learn_merges,
        "How merges are learnt",
        when="once, for the Fable models' vocabulary",
    )
    st.caption(
        "The merges of this model came with its file, which does not say what text they were "
        "learnt from, nor how often each pair was seen."
    )


def what_is_unknown(reader: Reader) -> str:
    """Whether this vocabulary can write anything at all."""
    there = sum(i is not None for i in byte_ids(load(reader.model_name).tokenizer))
    if there == 256:
        return "Anything at all can be written in bytes: there is no unknown word."
    return (
        f"The rest is written in bytes, of which this list has {there} of 256: hardly any text "
        "holds an unknown one."
    )
