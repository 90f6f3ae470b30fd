"""Next word for engineers: the chain rule, a bet on one word, bits per letter, the code."""

from math import exp, log

import streamlit as st

from figures.numbers import count, number
from pages.n0_why.next_word.blanks import cut_mine, describe_text
from transformer_core.lens.guessing import cut_words, likely_words, staked_cost, word_costs
from transformer_core.lens.prediction import bits, token_losses
from ui.code_drawer import show_code
from ui.frame import reader
from ui.provenance import tag

STAKES = (0.1, 0.5, 0.9, 0.99)
GIVEN = (0.8, 0.01)  # the model's probability of the word that came


def show_deeper() -> None:
    """Formulas with the reader's own numbers, then the code."""
    st.markdown(
        "**The chain rule.** The probability of a whole text is the product of its tokens’, each "
        "given the ones before: p(x₁ … xₙ) = p(x₁) · p(x₂ | x₁) · … · p(xₙ | x₁ … xₙ₋₁). So the "
        "costs add up, and training on every blank of a text is training on the text as a whole. "
        "The first token is not counted here, as nothing stands before it."
    )
    _show_stakes()
    _show_letters()
    show_code(token_losses, "What each token of a text costs")
    show_code(word_costs, "What a word of several tokens costs")
    show_code(staked_cost, "What a bet on one word is paid")
    show_code(cut_words, "A text cut into words")
    show_code(likely_words, "The likely words of a blank", "for the blank that you look at")


def _show_stakes() -> None:
    """What a stake pays, right and wrong."""
    st.markdown(
        "**A bet on one word.** The logarithm is a proper scoring rule: you expect to pay least if "
        "you state the probabilities that you believe. A single word states none, so the game "
        "gives it a stake s and spreads the rest as the model does: P(w) = s · [w is named] + "
        "(1 − s) · p(w). These add up to 1. In the game s is ½. The costs in nats:"
    )
    head = "| stake s | " + " | ".join(
        f"right, p = {number(p)} | wrong, p = {number(p)}" for p in GIVEN
    )
    rows = "".join(
        f"\n| {number(s)} | "
        + " | ".join(
            number(staked_cost(-log(p), right, s)) for p in GIVEN for right in (True, False)
        )
        + " |"
        for s in STAKES
    )
    paid = " and ".join(f"{number(-log(p))} where p = {number(p)}" for p in GIVEN)
    st.markdown(f"{head} |\n|{' --- |' * (1 + 2 * len(GIVEN))}{rows}")
    st.caption(
        f"p is the model’s probability of the word that came; the model itself pays {paid}. A "
        "higher stake gains little when it is right and loses much when it is wrong. Picking from "
        "the four words is an advantage, since the right one is among them."
    )


def _show_letters() -> None:
    """Bits per letter of the reader's own text, beside Shannon's estimate."""
    now = reader()
    text = describe_text(now.model_name, cut_mine(now))
    letters = sum(map(len, text["pieces"][1:]))
    told = "Your sentence has a single token, so there is nothing to divide."
    if letters:
        total = sum(text["nats"])
        told = (
            f"Your sentence costs {number(total)} nats after its first token, which is "
            f"{number(bits(total))} bits. Over {count(letters)} characters this is "
            f"**{number(bits(total) / letters)} bits a character** {tag('live')}."
        )
    st.markdown(
        f"**Bits per letter.** {told} Shannon’s people guessed a book in 26 letters and a blank. "
        "If all were equally probable, each would cost log₂ 27 = "
        f"{number(log(27, 2))} bits. He put the entropy between 0.6 and 1.3 bits "
        f"{tag('published', 'Shannon 1951')}. One short sentence says little beside that: it may "
        "be a very common one, or a rare one. "
        f"A loss of 1 nat a token is a perplexity of {number(exp(1))}."
    )
