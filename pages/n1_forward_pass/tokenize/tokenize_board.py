"""The Tokenize lesson's picture: the reader's words and their joins, packed for the browser."""

from __future__ import annotations

from functools import cache, lru_cache
from itertools import accumulate
from typing import TypedDict

import numpy as np
import streamlit as st

from transformer_core.bpe import Merge
from transformer_core.lens.merge_history import (
    WordHistory,
    merge_numbers,
    spellings,
    text_histories,
)
from transformer_core.lens.text_cuts import cut_by
from transformer_core.shipped_vocabulary import read_vocabulary
from transformer_core.tokenizer import Tokenizer, TokenizerError
from ui.frame import take_text
from ui.models import load
from ui.serving.address import whole_number
from ui.serving.component import component
from ui.serving.transport import pack
from ui.state import Reader, setting

SHOWN = 128  # tokens
LONGEST_RESPELT = 24  # characters
TRY = {
    "hey there": "hey there",
    "Emoji": "I 💜 the 🦊 and the 👩‍🚀",
    "Hebrew": "שלום עולם",
    "Hindi": "नमस्ते दुनिया",
    "Chinese": "你好世界",
    "Code": "for i in range(10): print(i)",
    "Numbers": "In 2024, 1234567 people paid 3.14 dollars",
    "Spelling": "cat Cat CAT, the cat",
}


class TokenizeWord(TypedDict):
    """A distinct word: its bytes as characters 0 to 255; its joins, each a place, a merge and the
    new id; and the pieces and ids of other ways to write it.
    """

    bytes: str
    joins: list[tuple[int, int, int]]
    spellings: list[tuple[tuple[str, ...], tuple[int, ...]]]


class TokenizeHeader(TypedDict):
    """The text as places among its distinct words, and the vocabulary that cuts it.

    `token` is looked at; `merges` of all `n_merges` are asked for. `byte_ids`: None for a byte that
    the vocabulary lacks; it becomes the token `unknown`, or is left out where that is None.
    """

    key: str
    size: int
    merges: int
    n_merges: int
    token: int
    byte_ids: list[int | None]
    unknown: tuple[int, str] | None
    words: list[TokenizeWord]
    order: list[int]


class TokenizeArrays(TypedDict):
    """`pairs`, [merge, 3]: ids of the left and the right part; how often they stood so."""

    pairs: np.ndarray


def show_examples() -> None:
    """Texts that are cut in unexpected ways; one click makes one of them the reader's sentence."""
    with st.container(key="tokenize-examples", horizontal=True, vertical_alignment="center"):
        st.caption("Try", width="content")
        for label, text in TRY.items():
            st.button(label, on_click=take_text, args=(text,), type="tertiary", key=f"try-{label}")


def show_tokenize_board(reader: Reader) -> None:
    """The text under a vocabulary of k merges, one word's joins as a tree, one token's facts."""
    histories = histories_of(reader.model_name, reader.text)
    total = len(numbers_of(reader.model_name))
    merges, notice = merges_asked(setting("merges"), total)
    packed = pack_tokenize_board(reader, histories, merges)
    component(__file__)(key="tokenize-board", data=packed)
    if notice:
        st.caption(notice)
    shown = shown_text(histories)
    if len(shown) < len(reader.text):
        st.caption(
            f"Only the first {len(shown)} of {len(reader.text):,} characters are drawn: whole "
            f"words, up to {SHOWN} tokens."
        )
    if reader.more:
        st.caption("The tokens that the model sampled are left out here: they never were text.")


def merges_asked(raw: str, total: int) -> tuple[int, str]:
    """How many merges the address asks for, all of them by default; and what to say about it."""
    if raw == "":
        return total, ""
    asked = whole_number(raw)
    if asked is None:
        return total, "The address names no valid number of merges; all of them are shown."
    if asked > total:
        return total, f"There are {total:,} merges here; all of them are shown."
    return asked, ""


@lru_cache(maxsize=4)
def numbers_of(model_name: str) -> dict[bytes, int]:
    """Each learnt token's place in the order of learning."""
    return merge_numbers(load(model_name).tokenizer.ranks)


@lru_cache(maxsize=32)
def histories_of(model_name: str, text: str) -> tuple[WordHistory, ...]:
    """The words on show, and how each came to its tokens."""
    tokenizer = load(model_name).tokenizer
    ranks, numbers = tokenizer.ranks, numbers_of(model_name)
    return text_histories(text, tokenizer.pattern, ranks, numbers, SHOWN)


def shown_text(histories: tuple[WordHistory, ...]) -> str:
    """The text that is on show."""
    return b"".join(history.word for history in histories).decode()


def token_looked_at(reader: Reader, histories: tuple[WordHistory, ...]) -> int:
    """The reader's token; until one is chosen, the first of the word with the most joins."""
    ends = list(accumulate(len(history.tokens) for history in histories))
    if setting("token"):
        return min(reader.token, ends[-1] - 1)
    longest = max(range(len(histories)), key=lambda i: len(histories[i].joins))
    return ends[longest] - len(histories[longest].tokens)


def pack_tokenize_board(reader: Reader, histories: tuple[WordHistory, ...], merges: int) -> bytes:
    """The words with their joins; of the shipped vocabulary also all merges, with their counts."""
    tokenizer = load(reader.model_name).tokenizer
    distinct = {history: place for place, history in enumerate(dict.fromkeys(histories))}
    header: TokenizeHeader = {
        "key": f"{reader.model_name} {shown_text(histories)}",
        "size": tokenizer.n_vocab,
        "merges": merges,
        "n_merges": len(numbers_of(reader.model_name)),
        "token": token_looked_at(reader, histories),
        "byte_ids": byte_ids(tokenizer),
        "unknown": _unknown(tokenizer),
        "words": [_word(history, tokenizer) for history in distinct],
        "order": [distinct[history] for history in histories],
    }
    arrays: TokenizeArrays = {"pairs": _pairs(tokenizer)}
    return pack(header, arrays)


def byte_ids(tokenizer: Tokenizer) -> list[int | None]:
    """The id of each byte; None where the vocabulary has none."""
    return [tokenizer.ranks.get(bytes([byte])) for byte in range(256)]


def _unknown(tokenizer: Tokenizer) -> tuple[int, str] | None:
    if tokenizer.unknown is None:
        return None
    return tokenizer.unknown, tokenizer.pieces([tokenizer.unknown])[0]


def _word(history: WordHistory, tokenizer: Tokenizer) -> TokenizeWord:
    cuts = [cut_by(tokenizer, form) for form in _forms(history.word.decode())]
    return {
        "bytes": history.word.decode("latin-1"),
        "joins": [(join.at, join.number, join.token_id) for join in history.joins],
        "spellings": [(cut.pieces, cut.token_ids) for cut in cuts],
    }


def _forms(word: str) -> tuple[str, ...]:
    return spellings(word) if word.strip() and len(word) <= LONGEST_RESPELT else ()


def _pairs(tokenizer: Tokenizer) -> np.ndarray:
    merges = learnt_merges(tokenizer.checksum)
    ranks = tokenizer.ranks
    rows = [(ranks[merge.left], ranks[merge.right], merge.count) for merge in merges]
    return np.array(rows, dtype=np.int32).reshape(-1, 3)


@cache
def learnt_merges(checksum: str | None) -> tuple[Merge, ...]:
    """What the shipped vocabulary's file records; nothing where another vocabulary is in use."""
    try:
        vocabulary = read_vocabulary()
    except TokenizerError:
        return ()
    return vocabulary.merges if vocabulary.checksum == checksum else ()
