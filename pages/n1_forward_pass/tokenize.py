"""Tokenize: how does text become numbers?"""

from ui.frame import address_field, close_lesson, open_lesson
from ui.tokenize_board import show_examples, show_tokenize_board

reader = open_lesson(
    "How does text become numbers?",
    step="Tokenize",
    minutes=6,
    lead="A model computes with numbers, so the text is first cut into **tokens**: pieces from a "
    "fixed list, the **vocabulary**, in which each has its number, its **id**. The list is learnt "
    "by **byte-pair encoding**: start from single bytes, join the pair that stands side by side "
    "most often, and again.",
)
address_field("merges")

show_examples()
show_tokenize_board(reader)
close_lesson("Tokenize", recap=("To be written.",))
