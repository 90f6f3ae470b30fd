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
    st.caption(
        "Learning needs a rule for pairs that are equally frequent. In this app, the pair with the "
        "lower ids is joined first. Other programs take another one, such as the pair that comes "
        "last in the order of bytes (Stanford's course CS336). Then their vocabularies differ."
    )
    show_code(split_words, "First, the text is cut into words")
    show_code(encode_steps, "Then the bytes of each word are joined, step by step, as drawn above")
    if reader.model_name in SHIPPED:
        show_code(
            learn_merges,
            "How the merges were learnt",
            when="once, on the training text, when the vocabulary was made",
        )
        return
    show_code(BytePairEncoding._merged, "The code that gave the model its ids")
    show_code(
        learn_merges,
        "How merges are learnt",
        when="once, for the Fable models' vocabulary",
    )
    st.caption(
        "The merges of this model came with its file. The file does not say from what text they "
        "were learnt, or how often each pair was seen."
    )


def what_is_unknown(reader: Reader) -> str:
    """Whether this vocabulary can write anything at all."""
    there = sum(i is not None for i in byte_ids(load(reader.model_name).tokenizer))
    if there == 256:
        return "Anything at all can be written in bytes, so there is no unknown word."
    return (
        "What no longer token covers is written in single bytes. This list has "
        f"{there} of 256 bytes, so a few rare characters are unknown."
    )
