"""What the Gradient step lesson asks: a gradient and a step by hand, a rate, two curves."""

from __future__ import annotations

from figures.numbers import number
from pages.n3_learning.gradient.descents import RATES, describe_place, tokens_of
from ui.answers.check import Option, Question
from ui.frame import reader

HIGH = len(RATES) - 1  # the place of the highest rate


def gradient_questions() -> tuple[Question, ...]:
    """Two by hand, one about the reader's text, one about two curves."""
    return logit_question(), step_question(), rate_question(reader().text), curves_question()


def logit_question() -> Question:
    """What is the gradient of the right token's logit?"""
    found = (
        "The gradient is p − 1 for the token that came: 0.2 − 1 = −0.8. A step goes against it, so "
        "the logit rises. The gradients of all other tokens are their probabilities, 0.8 in all."
    )
    return Question(
        "By hand: one logit",
        "The token that came had the probability 0.2. What is the gradient of its logit?",
        (
            Option("0.2", False, f"That would be right for a token that did not come. {found}"),
            Option("−0.8", True, found),
            Option(
                "1.61",
                False,
                f"That is its cost, −ln 0.2, which is the loss and not its gradient. {found}",
            ),
        ),
    )


def step_question() -> Question:
    """Where is a weight after one step?"""
    found = "w − η · gradient = 0.5 − 0.1 × (−2) = 0.7. A negative gradient makes the weight grow."
    return Question(
        "By hand: one step",
        "A weight is 0.5 and its gradient is −2. What is it after one step with the learning rate "
        "0.1?",
        (
            Option("0.3", False, f"That is a step along the gradient, uphill. {found}"),
            Option("0.7", True, found),
            Option("2.5", False, f"That step leaves out the learning rate. {found}"),
        ),
    )


def rate_question(text: str) -> Question:
    """What does the highest rate do to the reader's text?"""
    place, arrays = describe_place(tokens_of(text), ())
    before, *after = arrays["losses"].mean(-1).tolist()
    promised = RATES[HIGH] * place["gradient"] ** 2
    higher = not after[HIGH] < before
    end = f"{number(after[HIGH])} nats" if after[HIGH] < float("inf") else "no number at all"
    found = (
        f"The loss was {number(before)} nats. After a step at {RATES[HIGH]:.0f} it is {end}. The "
        f"slope would forecast {number(promised)} nats less, but it holds for short steps only."
    )
    far = f"Farther, but past the lowest point and up the other side. {found}"
    near = f"A step as long as this usually raises the loss, but not here. {found}"
    return Question(
        "A very long step",
        f"The copy of fable-tiny takes one step on your text with the learning rate "
        f"{RATES[HIGH]:.0f}. Is the loss of your text lower or higher after it?",
        (
            Option("Lower: a longer step gets farther", not higher, found if not higher else far),
            Option("Higher: it jumps across the valley", higher, found if higher else near),
            Option(
                "Unchanged: one text is too little",
                False,
                f"One text is enough for a gradient, and the weights move. {found}",
            ),
        ),
        show={"rate": str(HIGH)},
        see="the point on the curve at the far right, and the finding above it.",
    )


def curves_question() -> Question:
    """What do a falling and a rising loss mean?"""
    found = (
        "The training loss falls because the model learns its own texts by heart. That does not "
        "help on other texts: there it makes the model too sure of wrong tokens."
    )
    return Question(
        "Two curves",
        "The training loss still falls, and the loss on held-out text has begun to rise. What is "
        "the best thing to do?",
        (
            Option(
                "Train on: the loss is falling",
                False,
                f"Only the loss on texts that it has seen is falling. {found}",
            ),
            Option(
                "Raise the learning rate",
                False,
                f"The length of the steps is not what is wrong. {found}",
            ),
            Option("Stop, or train on more text", True, found),
        ),
    )
