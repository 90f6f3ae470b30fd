"""Tokenize: how does text become numbers?"""

from pages.n1_forward_pass.tokenize.tokenize_board import show_examples, show_tokenize_board
from pages.n1_forward_pass.tokenize.tokenize_deeper import show_deeper
from pages.n1_forward_pass.tokenize.tokenize_questions import tokenize_questions
from pages.n1_forward_pass.tokenize.tokenize_traps import show_traps
from pages.n1_forward_pass.tokenize.vocabulary_code import what_is_unknown
from ui.answers.check import show_check
from ui.frame import close_lesson, for_engineers, open_lesson

reader = open_lesson(
    "Tokenize",
    lead="A model computes with numbers. So a text is cut into **tokens**: words or pieces of "
    "words from a list, the **vocabulary**. **Byte-pair encoding** learns it: again and again it "
    "joins the most frequent pair of neighbours.",
)

show_examples()
show_tokenize_board(reader)
show_check(
    "tokenize-check",
    (reader.model_name, reader.text),
    tokenize_questions,
    again="Ask about the word I am looking at",
)
show_traps(reader)

for_engineers("your text in other vocabularies, what a longer list costs, the code", show_deeper)

close_lesson(
    "Tokenize",
    recap=(
        "A text becomes ids from a fixed list. The list was learnt from text: it starts with "
        "single bytes, and each step adds the most frequent pair.",
        "A word that was frequent in the training text, in this spelling, is one token. Other "
        "words become several. " + what_is_unknown(reader),
        "A longer list cuts a text into fewer tokens, so there is less to compute. Its price is a "
        "row of learnt numbers for each id. The next lesson is about that row.",
    ),
)
