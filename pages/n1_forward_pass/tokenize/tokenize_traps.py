"""Three ways in which token ids surprise, each cut just now with the reader's own vocabulary."""

from __future__ import annotations

import streamlit as st

from pages.n1_forward_pass.tokenize.token_words import cut
from transformer_core.tokenizer import Tokenizer
from ui.models import load
from ui.prose import plain
from ui.provenance import tag
from ui.state import Reader

NAMED = 3  # special tokens


def show_traps(now: Reader) -> None:
    """Counting letters, doing sums, special tokens."""
    tokenizer = load(now.model_name).tokenizer
    letters, digits, special = st.columns(3)
    with letters.expander("Counting letters", icon=":material/abc:"):
        st.markdown(
            f"{cut(tokenizer, ' strawberry')}. {tag('live')} The model gets only these ids. They "
            "do not contain the letters. This is one reason why “how many r?” is hard for a model "
            "that writes good prose: it has to learn the spelling of each token as one more fact."
        )
    with digits.expander("Doing sums", icon=":material/calculate:"):
        st.markdown(
            f"{cut(tokenizer, '1234 + 1')}; {cut(tokenizer, '12345')}. {tag('live')} "
            f"{_digits(tokenizer)}"
        )
    with special.expander("Special tokens", icon=":material/flag:"):
        st.markdown(_special(tokenizer))


def _digits(tokenizer: Tokenizer) -> str:
    if len(tokenizer.encode("1234567890")) == 10:
        return (
            "This vocabulary cuts every digit off alone, so a number of n digits is n tokens. Many "
            "others join digits that often stood side by side. There, the same digit may stand for "
            "tens in one token and for hundreds in another, which can make sums harder."
        )
    return (
        "This vocabulary joins digits that often stood side by side. The same digit may then stand "
        "for tens in one token and for hundreds in another, which can make sums harder. Llama 2 "
        f"cuts every digit off alone. {tag('published', 'Touvron et al. 2023')}"
    )


def _special(tokenizer: Tokenizer) -> str:
    names = dict(sorted(tokenizer.special_tokens.items(), key=lambda each: each[1]))
    first = next(iter(names), "<|endoftext|>")
    typed = f"Typed into a text, {cut(tokenizer, first)}, which are ordinary pieces. "
    typed += tag("live")
    if not names:
        return typed
    if len(names) == 1:
        return (
            "Between two training texts the model saw one token that no text contains: the end of "
            f"text, id {names[first]}. {typed} If a visitor could type the real token, they could "
            "end the text for the model."
        )
    listed = ", ".join(f"“{plain(name)}” {i}" for name, i in list(names.items())[:NAMED])
    return (
        f"This vocabulary has {len(names)} tokens that no typed text contains. The first are "
        f"{listed}. They separate texts, and the turns of a conversation (see Predict). {typed} If "
        "a visitor could type the real tokens, they could speak as somebody else."
    )
