"""What the Pretraining lesson asks: an advantage and a share by hand, a shortcut, a penalty."""

from __future__ import annotations

import torch

from figures.numbers import number
from transformer_core.policy_gradient import advantages
from ui.answers.check import Option, Question

EARNED = (1.0, 0.0, 0.0, 1.0)
STOCK, READ = 300, 15  # trillions of tokens


def pretraining_questions() -> tuple[Question, ...]:
    """Each has the same answer for every reader."""
    return advantage_question(), stock_question(), shortcut_question(), penalty_question()


def advantage_question() -> Question:
    """How much better than the others is a text?"""
    first = number(advantages(torch.tensor(EARNED))[0].item())
    found = f"The other three earned 0, 0 and 1, a third of a point on average: 1 − 1/3 = {first}."
    return Question(
        "By hand: an advantage",
        "Four texts of a group earn 1, 0, 0 and 1 points, and β is 0. What is the advantage of the "
        "first, its points less the mean of the other three?",
        (
            Option("0.5", False, f"There the mean of all four was taken. {found}"),
            Option(first, True, found),
            Option("1", False, f"That is its reward. {found}"),
        ),
    )


def stock_question() -> Question:
    """Which share of all text did a model read?"""
    share = 100 * READ // STOCK
    found = f"{READ} ÷ {STOCK} = 0.05, that is {share} %. Twenty times as much would be all of it."
    return Question(
        "By hand: a share",
        f"People have published about {STOCK} trillion tokens (Villalobos et al. 2024). Llama 3 "
        f"read about {READ} trillion (2024, arXiv 2407.21783). Which share is that?",
        (
            Option("0.5 %", False, f"That is a tenth of it. {found}"),
            Option(f"{share} %", True, found),
            Option("20 %", False, f"20 is how many times {READ} goes into {STOCK}. {found}"),
        ),
    )


def shortcut_question() -> Question:
    """Why can counting words not help?"""
    found = (
        "A scrambled sentence has exactly the words of the written one. Only their order differs, "
        "and a count of words does not see it. Counts of neighbouring words do: in "
        "the chart they are a shortcut that works."
    )
    return Question(
        "A shortcut",
        "In the experiment above, a classifier that only counts words is right half of the time. "
        "Why?",
        (
            Option("It has too few examples", False, f"More would not help. {found}"),
            Option("Both kinds of sentence have the same words", True, found),
            Option(
                "It has not been pretrained",
                False,
                f"It could not use what pretraining teaches. {found}",
            ),
        ),
    )


def penalty_question() -> Question:
    """What does the KL penalty do?"""
    found = (
        "Each nat of distance from the start costs β points. Ordinary sentences with the word "
        "cost little; “happy happy happy” costs a lot, since it was most improbable at the start."
    )
    return Question(
        "A penalty",
        "“1 point if happy occurs” with β = 0 ends in “happy happy happy”. With β = 0.05 it ends "
        "in sentences with the word. Why?",
        (
            Option("The penalty counts words that repeat", False, f"It knows no words. {found}"),
            Option("Texts that were improbable at the start cost points", True, found),
            Option("The model learns more slowly", False, f"It is not only slower. {found}"),
        ),
    )
