"""What the lesson asks: a loss and a step by hand, a rate that is too high, rule or table."""

from __future__ import annotations

from math import log

from figures.numbers import number
from ui.answers.check import Option, Question

SYMBOLS = 4
BEGINNING, END = "beginning", "end"  # the moments of a training that the board is sent to


def train_questions() -> tuple[Question, ...]:
    """Two by hand, two about what is to be seen."""
    return uniform_question(), step_question(), rate_question(), table_question()


def uniform_question() -> Question:
    """The loss of one who knows nothing."""
    loss = number(log(SYMBOLS))
    found = (
        f"Each of the {SYMBOLS} tokens gets the probability 1/{SYMBOLS}. The one that comes costs "
        f"−ln(1/{SYMBOLS}) = ln {SYMBOLS} = 2 × ln 2 = {loss} nats."
    )
    return Question(
        "By hand: knowing nothing",
        f"A vocabulary has {SYMBOLS} tokens. A model gives each of them the same probability. What "
        "is its loss? (ln 2 = 0.69)",
        (
            Option(f"{loss} nats", True, found),
            Option("0.25 nats", False, f"That is the probability, not its cost. {found}"),
            Option("4 nats", False, f"That is the perplexity, e to the loss. {found}"),
        ),
        show={"moment": BEGINNING},
        see="at step 0 the loss lies close to the dashed line, ln of the number of tokens.",
    )


def step_question() -> Question:
    """One weight, one step of plain gradient descent."""
    found = (
        "New weight = weight − learning rate × gradient = 0.50 − 0.1 × 2 = 0.30. The gradient is "
        "positive: a larger weight would raise the loss, so the weight is made smaller."
    )
    return Question(
        "By hand: one step",
        "A weight is 0.50. Its gradient, the slope of the loss, is 2. What is the weight after one "
        "step of gradient descent with a learning rate of 0.1?",
        (
            Option("0.70", False, f"This step goes uphill: it raises the loss. {found}"),
            Option("0.30", True, found),
            Option("−1.50", False, f"That is a learning rate of 1. {found}"),
        ),
    )


def rate_question() -> Question:
    """What explodes?"""
    found = (
        "In its first step, AdamW moves each weight by the learning rate, however long the "
        "gradient is. Weights begin near 0.1. After a step of 1, nothing is left of them."
    )
    return Question(
        "Too high",
        "With a learning rate of 1, the loss of the sorting task explodes. Why?",
        (
            Option(
                "Each step is much larger than the weights themselves",
                True,
                found,
            ),
            Option(
                "The task becomes harder",
                False,
                f"The examples are drawn in the same way. {found}",
            ),
            Option(
                "The model runs out of parameters",
                False,
                f"Their number stays the same. {found}",
            ),
        ),
        show={"learning": "1"},
        see="the field “Learning rate” now holds 1. Press “Train”.",
    )


def table_question() -> Question:
    """Which number shows that a rule was learnt?"""
    found = (
        "Training examples can be learnt by heart. Held-out examples cannot. The model gets them "
        "right only by what holds for all examples."
    )
    return Question(
        "Rule or table",
        "Which number shows best that the model has learnt the rule of addition, and not a table "
        "of sums?",
        (
            Option("A low training loss", False, f"A table lowers it as well. {found}"),
            Option("A high accuracy on held-out sums", True, found),
            Option(
                "A short gradient",
                False,
                f"It is short once the training loss is low, in either case. {found}",
            ),
        ),
        show={"moment": END},
        see="the middle curve at the last step, the accuracy on held-out examples.",
    )
