"""Tokenize: how does text become numbers?"""

from pages.n1_forward_pass.tokenize.tokenize_board import show_examples, show_tokenize_board
from pages.n1_forward_pass.tokenize.tokenize_questions import show_traps, tokenize_questions
from pages.n1_forward_pass.tokenize.tokenizer_comparison import show_tokenizer_comparison
from pages.n1_forward_pass.tokenize.vocabulary_code import show_vocabulary_code, what_is_unknown
from ui.check import show_check
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

show_vocabulary_code(reader)

close_lesson(
    "Tokenize",
    recap=(
        "A text becomes ids from a fixed list. The list was learnt from text: single bytes first, "
        "then the most frequent pair joined, again and again.",
        "Words frequent in the training text, spelled that way, are one token, others several. "
        + what_is_unknown(reader),
        "Fewer pieces make attention cheaper by the square; the price is a longer list, with a row "
        "of numbers for each id. That row comes next.",
    ),
)
