"""Texts that are hard to cut, and the vocabulary as it was after fewer merges, in tiktoken."""

from dataclasses import replace

import tiktoken

from transformer_core.shipped_vocabulary import read_vocabulary
from transformer_core.tokenizer import TiktokenEncoding, Tokenizer
from ui.examples import STORY

TEXTS = [
    STORY,
    "a",
    "I 💜 the 🦊 and the 👩‍🚀",
    "שלום עולם",
    "नमस्ते दुनिया",
    "for i in range(10): print(i)",
    "In 2024, 1234567 people paid 3.14 dollars",
    "<|endoftext|> **b** [c](d) $h$",
    "   spaces   between ",
    "the cat sat " * 100,
    "x" * 1_500,
    "extraordinarily" * 60,
]


def smaller(merges: int) -> Tokenizer:
    """The vocabulary as it was after so many merges."""
    vocabulary = read_vocabulary()
    ranks = replace(vocabulary, merges=vocabulary.merges[:merges]).ranks
    encoding = tiktoken.Encoding(
        "k", pat_str=vocabulary.pattern, mergeable_ranks=ranks, special_tokens={}
    )
    return Tokenizer(TiktokenEncoding(encoding))
