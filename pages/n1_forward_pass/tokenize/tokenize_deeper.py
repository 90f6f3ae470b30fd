"""Tokenize for engineers: other vocabularies and what they cost, and the code of both steps."""

from pages.n1_forward_pass.tokenize.tokenizer_comparison import show_tokenizer_comparison
from pages.n1_forward_pass.tokenize.vocabulary_code import show_vocabulary_code
from ui.frame import reader


def show_deeper() -> None:
    """The same text cut by others, then the code."""
    now = reader()
    show_tokenizer_comparison(now)
    show_vocabulary_code(now)
