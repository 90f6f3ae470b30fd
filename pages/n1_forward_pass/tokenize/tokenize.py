"""Tokenize: how does text become numbers?"""

from pages.n1_forward_pass.tokenize.tokenize_board import show_examples, show_tokenize_board
from pages.n1_forward_pass.tokenize.tokenize_questions import show_traps, tokenize_questions
from pages.n1_forward_pass.tokenize.tokenizer_comparison import show_tokenizer_comparison
from transformer_core.bpe import encode_steps, learn_merges, split_words
from ui.check import show_check
from ui.code_drawer import show_code
from ui.frame import address_field, close_lesson, open_lesson

reader = open_lesson(
    "How does text become numbers?",
    step="Tokenize",
    minutes=6,
    lead="A model computes with numbers, so the text is first cut into **tokens**: pieces from a "
    "fixed list, the **vocabulary**, in which each has its number, its **id**. The list is learnt "
    "by **byte-pair encoding**: start from single bytes, join the pair that stands side by side "
    "most often, and again, until the list is full.",
)
address_field("merges")
address_field("cut")

show_examples()
show_tokenize_board(reader)
show_tokenizer_comparison(reader)
show_check(
    "tokenize-check",
    (reader.model_name, reader.text),
    tokenize_questions,
    again="Ask about the word I am looking at",
)
show_traps(reader)

show_code(encode_steps)
show_code(split_words, "First of all, the text is cut into words")
show_code(
    learn_merges,
    "How the merges were learnt",
    when="once, on the training text, when the vocabulary was made",
)

close_lesson(
    "Tokenize",
    recap=(
        "A text becomes ids from a fixed list. The list was learnt from text: single bytes first, "
        "then the most frequent pair joined, again and again.",
        "Words frequent in the training text, spelled that way, are one token, others several, and "
        "anything at all can be written in bytes: there is no unknown word.",
        "Fewer pieces make attention cheaper by the square; the price is a longer list, with a row "
        "of numbers for each id. That row comes next.",
    ),
)
