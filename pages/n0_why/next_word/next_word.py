"""Next word: what must one know to guess the next word?"""

import streamlit as st

from figures.numbers import short
from pages.n0_why.next_word.guess_board import show_guess_board
from pages.n0_why.next_word.next_word_deeper import show_deeper
from pages.n0_why.next_word.next_word_questions import next_word_questions
from pages.n0_why.next_word.pairs_board import show_pairs_board
from transformer_core.laws.parameters import count_parameters
from ui.answers.check import show_check
from ui.frame import close_lesson, for_engineers, open_lesson
from ui.known_models import catalogue
from ui.models import load
from ui.provenance import tag

reader = open_lesson(
    "Next word",
    lead="A language model learns one task: to guess the next **token**, a word or a piece of one. "
    "The token that comes costs −ln of the probability that the model gave it, in **nats** "
    "(natural-log units). You guess first.",
)
title = catalogue().offered[reader.model_name].title
config = load(reader.model_name).config
show_guess_board(reader)

st.subheader("One task, many kinds of knowledge", anchor=False)
show_pairs_board(reader)

show_check(
    "next_word-check",
    (reader.model_name, reader.token_ids),
    next_word_questions,
    again="Ask again",
)

st.subheader("Why one task teaches many", anchor=False)
task, scale, people = st.columns(3, border=True)
task.markdown(
    "**No blank names its subject.** Training lowers one number, the mean cost of the next token. "
    "A wrong verb, a wrong capital and a wrong sum all raise it. So grammar, facts and arithmetic "
    "are learnt by the same rule, as far as they lower the cost. GPT-2 was trained on the next "
    "tokens of web pages alone. It could answer some questions, translate and summarise a little, "
    "without being trained for it. " + tag("published", "Radford et al. 2019")
)
scale.markdown(
    "**How much is learnt depends on size.** Given some examples in its text, GPT-3 with 175 "
    "billion parameters got all sums of two-digit numbers right, and about one in ten of the "
    "five-digit sums. The next smaller model, of 13 billion, got about half of the two-digit sums. "
    + tag("published", "Brown et al. 2020")
    + f" {title} has {short(count_parameters(config).total)} parameters, so expect less of it."
)
people.markdown(
    "**People can play too.** Shannon let people guess texts letter by letter. From their "
    "guesses he estimated that printed English carries between 0.6 and 1.3 bits a letter. "
    + tag("published", "Shannon 1951")
    + " At guessing the next token of web pages, people did worse than small language models such "
    "as GPT-2 large. " + tag("published", "Shlegeris et al. 2024")
)

for_engineers("the chain rule, how a bet is scored, bits per letter, the code", show_deeper)

close_lesson(
    "Next word",
    recap=(
        "A model gives every token a probability. The token that comes costs −ln of its "
        "probability; a word of several tokens costs their sum.",
        "The mean cost is the loss, and perplexity = e^loss. Equal probabilities for all tokens "
        "would cost ln of the size of the vocabulary.",
        "Blanks ask for grammar, facts, copying, sums and more. Training never says which. It "
        "teaches what lowers the cost, as far as the size of the model allows.",
    ),
)
