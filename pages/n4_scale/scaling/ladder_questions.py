"""What the lesson asks: an exponent by hand, a line's promise, fewer tokens, the next doubling."""

from __future__ import annotations

from math import log

from figures.numbers import number
from transformer_core.laws.scaling import REFIT
from ui.answers.check import Option, Question

X, LOSSES = (1e6, 1e8), (4.0, 2.0)  # a power law with round numbers
DOUBLED = 3e11  # tokens of GPT-3


def ladder_questions() -> tuple[Question, ...]:
    """One by hand, three about the boards."""
    return exponent_question(), form_question(), samples_question(), doubling_question()


def exponent_question() -> Question:
    """α from two points."""
    alpha = -log(LOSSES[1] / LOSSES[0]) / log(X[1] / X[0])
    found = (
        "The loss is multiplied by 1/2 while N is multiplied by 100. So 100^α = 2, and "
        f"α = ln 2 ÷ ln 100 = 0.693 ÷ 4.605 = {number(alpha)}."
    )
    return Question(
        "By hand: an exponent",
        "Two models have 1 million and 100 million parameters. Their losses, with the floor "
        "already subtracted, are 4 and 2 nats. What is α in c/N^α? (ln 2 ≈ 0.693, ln 100 ≈ 4.605)",
        (
            Option(number(alpha), True, found),
            Option(
                "0.50",
                False,
                f"That is the factor of the loss, not the power of N. {found}",
            ),
            Option(
                "0.02",
                False,
                f"That is 2 nats divided by the factor 100. A power law has ratios. {found}",
            ),
        ),
    )


def form_question() -> Question:
    """A narrow interval of the wrong law."""
    found = (
        "The interval counts only how far the points scatter around this law. It takes the form "
        "for granted. The misses form a bow, so the form is wrong, and the interval says nothing "
        "about that."
    )
    return Question(
        "A narrow interval",
        "At ten times the largest size, the straight line’s 95 % interval lies wholly below the "
        "other law’s. What follows?",
        (
            Option(
                "The loss will lie in the line’s interval, most likely",
                False,
                f"Only if the straight line is the right law. {found}",
            ),
            Option("An interval holds only if its law has the right form", True, found),
            Option(
                "One of the intervals was computed wrongly",
                False,
                f"Both are right for their own law. {found}",
            ),
        ),
        show={"cut": "2", "out": "6.7"},
        see="both laws without the two largest models, and what those really reached.",
    )


def samples_question() -> Question:
    """Fewer tokens are not less compute."""
    found = (
        "The larger model needs fewer tokens, but each token costs it more arithmetic. In our "
        "ladder the second effect is stronger by far. At each loss one size between is cheapest."
    )
    return Question(
        "Fewer tokens",
        "In our ladder, 9.84 million parameters reach 3.4 nats on fewer tokens than any smaller "
        "size. Is this also the cheapest way to 3.4 nats?",
        (
            Option(
                "Yes, fewer tokens are less compute",
                False,
                f"Compute is tokens times the arithmetic of one token. {found}",
            ),
            Option("No, a smaller model takes less compute", True, found),
            Option(
                "All sizes take about the same compute",
                False,
                f"Then ten times the size would need a tenth of the tokens. {found}",
            ),
        ),
        show={"loss": "3.4"},
        see="the line at 3.4 nats, and the compute of each size in the table.",
    )


def doubling_question() -> Question:
    """The gain of the second doubling, from that of the first."""
    first, second = (REFIT.loss(1e10, d) - REFIT.loss(1e10, 2 * d) for d in (DOUBLED, 2 * DOUBLED))
    factor = 2**-REFIT.beta
    found = (
        f"Each doubling multiplies B ÷ D^β by 2^−{number(REFIT.beta, 4)} = {number(factor)}, and "
        f"the gain with it: {number(first, 4)} × {number(factor)} ≈ {number(second, 4)} nats."
    )
    return Question(
        "The next doubling",
        f"By the refit, going from 300 to 600 billion tokens gains {number(first, 4)} nats. What "
        "does going from 600 billion to 1.2 trillion gain?",
        (
            Option(
                f"{number(first, 4)} nats again",
                False,
                f"A logarithm would behave so. A power law does not. {found}",
            ),
            Option(f"About {number(second, 4)} nats", True, found),
            Option(
                "Nothing: 20 tokens per parameter are enough",
                False,
                "That ratio is the cheapest for training. More tokens still lower the loss. "
                f"{found}",
            ),
        ),
        show={"seen": f"{2 * DOUBLED:.0f}"},
        see="the loss at 600 billion tokens and at twice as many.",
    )
