"""What the Next word lesson asks: two sums by hand, where grammar comes from, what is free."""

from __future__ import annotations

from math import exp, log

from figures.numbers import number, percent
from pages.n0_why.next_word.known_texts import pairs_for, texts_for
from pages.n0_why.next_word.pairs_board import measured_pair
from ui.answers.check import Option, Question
from ui.frame import reader
from ui.prose import quoted

HALVES = (1 / 2, 1 / 4)  # of a word's two tokens
CAREFUL, BOLD = (0.5, 0.5), (0.9, 0.1)  # what two models gave to the words that came


def next_word_questions() -> tuple[Question, ...]:
    """About costs, and about what the reader's model has learnt."""
    now = reader()
    return (
        chain_question(texts_for(now.model_name)[0].key),
        bold_question(),
        grammar_question(now.model_name),
        free_question(),
    )


def chain_question(text: str) -> Question:
    """What does a word of two tokens cost?"""
    first, second = (-log(p) for p in HALVES)
    worked = (
        f"The probabilities are multiplied: ½ · ¼ = ⅛. The costs are added: {number(first)} + "
        f"{number(second)} = {number(first + second)} = ln 8. This is the chain rule."
    )
    return Question(
        "By hand: a word of two tokens",
        "A word is cut into two tokens. The model gave the first a probability of ½, and then the "
        f"second one of ¼. What does the word cost? (ln 2 = {number(log(2))}, ln 4 = "
        f"{number(log(4))})",
        (
            Option(
                f"{number((first + second) / 2)} nats",
                False,
                f"That is the mean of the two. The word costs the sum. {worked}",
            ),
            Option(f"{number(first + second)} nats", True, worked),
            Option(
                f"{number(-log(sum(HALVES)))} nats",
                False,
                f"That is −ln ¾, as if either token would do. Both have to come. {worked}",
            ),
        ),
        show={"blanks": text},
        see="the sum below the bars. The costs of all tokens of the text are added, too.",
    )


def bold_question() -> Question:
    """Which of two models has the lower mean cost?"""
    careful, bold = (sum(-log(p) for p in model) / 2 for model in (CAREFUL, BOLD))
    worked = (
        f"The first pays ln 2 = {number(careful)} each time. The second pays "
        f"{number(-log(BOLD[0]))} and {number(-log(BOLD[1]))}, which is {number(bold)} on average. "
        "One confident error costs more than the confident hit saves."
    )
    return Question(
        "By hand: careful or bold",
        "Two words have come. One model had given each of them a probability of ½. Another had "
        "given 0.9 to the first word and 0.1 to the second. Which model has the lower mean cost? "
        f"(−ln 0.9 = {number(-log(0.9))}, −ln 0.1 = {number(-log(0.1))})",
        (
            Option("The first one", True, worked),
            Option(
                "The second one",
                False,
                f"It was surer of the first word, but almost ruled out the second. {worked}",
            ),
            Option(
                "Both have the same",
                False,
                f"The probabilities have the same mean, their logarithms do not. {worked}",
            ),
        ),
    )


def grammar_question(model_name: str) -> Question:
    """How does a model come to agreement in number?"""
    pairs = pairs_for(model_name)
    side = measured_pair(model_name, next(i for i, p in enumerate(pairs) if p.kind == "grammar"))
    here = side["sides"][0]
    beginning = quoted(f"{here['before']}{here['changed']}{here['after']}")
    chances = [percent(exp(-each)) for each in here["nats"]]
    found = (
        f"After {beginning}, this model gives {quoted(here['fits'])} {chances[0]} and "
        f"{quoted(here['other'])} {chances[1]}."
    )
    why = (
        "Each time a text went on with one of them, the probability of the other had been wasted. "
        f"Training changed the weights so that the cost fell. {found}"
    )
    return Question(
        "Where the grammar comes from",
        f"How has this model learnt whether {quoted(here['fits'])} or {quoted(here['other'])} "
        f"follows {beginning}?",
        (
            Option(
                "The rules of grammar were part of its program",
                False,
                f"Nothing in the program knows of verbs or pronouns. {why}",
            ),
            Option(
                "In its texts, verbs and pronouns were marked",
                False,
                f"The texts were read as they are. {why}",
            ),
            Option("Where it expected the wrong word, the right one cost more", True, why),
        ),
    )


def free_question() -> Question:
    """Can the cost of every blank become zero?"""
    why = (
        "Nothing before the blank says which name comes. The best that can be done is to give each "
        "name the probability with which it comes in such places. Its mean cost is then their "
        "entropy, which is above zero."
    )
    return Question(
        "What nobody can know",
        "A story begins: “There was a girl named …”. Can a model with enough parameters and texts "
        "bring the mean cost of this blank to zero in new stories?",
        (
            Option(
                "Yes, if it is large enough",
                False,
                f"Size helps where there is something to know. {why}",
            ),
            Option("No, the name is free", True, why),
            Option(
                "Yes, if it always names the most frequent one",
                False,
                f"Then every other name would cost infinitely much. {why}",
            ),
        ),
    )
