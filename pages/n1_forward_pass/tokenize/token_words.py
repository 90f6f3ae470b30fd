"""Tokens inside a sentence, their spaces as signs."""

from __future__ import annotations

from figures.numbers import counted
from transformer_core.tokenizer import Tokenizer, shown
from ui.prose import quoted


def cut(tokenizer: Tokenizer, text: str) -> str:
    """A text and its tokens: “␣strawberry” is 2 tokens: “␣straw” “berry”."""
    ids = tokenizer.encode(text)
    pieces = " ".join(quoted(_signed(piece)) for piece in tokenizer.pieces(ids))
    return f"{quoted(_signed(text))} is {counted(len(ids), 'token')}: {pieces}"


def pair_of(left: bytes, right: bytes) -> str:
    """Two tokens that a merge joins: “␣straw” + “berry”."""
    return f"{quoted(_signed(shown(left)))} + {quoted(_signed(shown(right)))}"


def _signed(text: str) -> str:
    return text.replace(" ", "␣")
