"""The same text cut into characters, into bytes, or into one vocabulary's tokens, and the price."""

from __future__ import annotations

from dataclasses import dataclass

from transformer_core.tokenizer import Tokenizer

CODE_POINTS = 0x110000 - 0x800  # Unicode's scalar values: all code points but the surrogates


@dataclass(frozen=True)
class TextCut:
    """A text in pieces, each with its id; a piece that is part of a character is `⟨e2 80⟩`."""

    vocabulary_size: int
    pieces: tuple[str, ...]
    token_ids: tuple[int, ...]


def cut_into_characters(text: str) -> TextCut:
    """One piece for each Unicode code point, which is also its id."""
    return TextCut(CODE_POINTS, tuple(text), tuple(map(ord, text)))


def cut_into_bytes(text: str) -> TextCut:
    """One piece for each byte of the UTF-8 form, which is also its id."""
    data = text.encode("utf-8", "replace")
    pieces = tuple(chr(byte) if byte < 0x80 else f"⟨{byte:02x}⟩" for byte in data)
    return TextCut(256, pieces, tuple(data))


def cut_by(tokenizer: Tokenizer, text: str) -> TextCut:
    """One piece for each token."""
    ids = tokenizer.encode(text)
    return TextCut(tokenizer.n_vocab, tuple(tokenizer.pieces(ids)), tuple(ids))


def embedding_numbers(vocabulary_size: int, d_model: int) -> int:
    """One row of d_model numbers for each id."""
    return vocabulary_size * d_model
