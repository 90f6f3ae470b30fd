"""What the Scaling lesson asks, about the law and the point that the reader has chosen."""

from __future__ import annotations

from math import log10

from figures.numbers import number, scientific, short
from pages.n4_scale.scaling.scaling_board import chosen
from transformer_core.laws.scaling import LAWS, Allocation, Law, ParametricLaw, training_flops
from ui.answers.check import Option, Question

BY_HAND = Allocation(1e9, 2e10)


def scaling_questions() -> tuple[Question, ...]:
    """Two with the law in force, one by hand."""
    name, here, _ = chosen()
    law = LAWS[name]
    return growth_question(law, here), bottleneck_question(law, here), budget_question()


def growth_question(law: Law, here: Allocation) -> Question:
    """Ten times the budget: how much larger a model?"""
    flops = training_flops(here.n_parameters, here.n_tokens)
    size = law.optimum(10 * flops).n_parameters / law.optimum(flops).n_parameters
    found = (
        f"By this law the best size grows as C to the power {number(log10(size))}. Ten times the "
        f"budget gives {number(size, 1)} times the parameters and {number(10 / size, 1)} times the "
        "tokens."
    )
    return Question(
        "Ten times the budget",
        "You get ten times the compute. How should the best model change?",
        (
            Option(
                "10 times the parameters, the same tokens",
                False,
                f"{found} With the same tokens, the limited text would soon set the loss.",
            ),
            Option(
                "Parameters and tokens each 2 to 4 times",
                2.5 <= size <= 4,
                ("" if 2.5 <= size <= 4 else "Both are equally dear, so this seems fair. ") + found,
            ),
            Option(
                "Parameters 5 times or more, tokens at most twice",
                size >= 5,
                ("" if size >= 5 else "Kaplan’s law of 2020 says so. This one does not. ") + found,
            ),
            Option(
                "The same parameters, 10 times the tokens",
                False,
                f"{found} With the same parameters, the limited size would soon set the loss.",
            ),
        ),
        show=_place(law.optimum(10 * flops)),
        see="the point now stands at the best pair for ten times your budget.",
    )


def bottleneck_question(law: Law, here: Allocation) -> Question:
    """Which doubling helps more at the reader's own point?"""
    n, d = here.n_parameters, here.n_tokens
    now, larger, longer = law.loss(n, d), law.loss(2 * n, d), law.loss(n, 2 * d)
    by_size, by_text = now - larger, now - longer
    found = (
        f"The loss here is {number(now, 3)} nats. Twice the parameters lower it by "
        f"{number(by_size, 4, 0)} nats, and twice the tokens by {number(by_text, 4, 0)} nats. "
        "Either choice doubles the compute. The larger of the two limits gives way more."
    )
    return Question(
        "Which doubling?",
        f"Your point has {short(n)} parameters and {short(d)} tokens. {_limits(law, n, d)} Which "
        "doubling lowers the loss more?",
        (
            Option(
                "Twice the parameters",
                by_size > by_text,
                ("" if by_size > by_text else "A larger model is the usual first thought. ")
                + found,
            ),
            Option(
                "Twice the tokens",
                by_text > by_size,
                ("" if by_text > by_size else "More text seems never to be wrong. ") + found,
            ),
            Option(
                "Both lower it equally",
                by_text == by_size,
                ("" if by_text == by_size else "Both cost the same, so this seems fair. ") + found,
            ),
        ),
        show=_place(Allocation(2 * n, d) if by_size > by_text else Allocation(n, 2 * d)),
        see="the point after the better doubling, and its loss.",
    )


def _place(point: Allocation) -> dict[str, str]:
    """As the address writes it."""
    return {"params": f"{point.n_parameters:.4g}", "train": f"{point.n_tokens:.4g}"}


def _limits(law: Law, n: float, d: float) -> str:
    if not isinstance(law, ParametricLaw):
        return "Look at the two limits beside the plane."
    _, size, text = law.terms(n, d)
    return (
        f"The limited size costs {number(size, 4, 0)} nats and the limited text "
        f"{number(text, 4, 0)} nats."
    )


def budget_question() -> Question:
    """6 N D, by hand."""
    n, d = BY_HAND.n_parameters, BY_HAND.n_tokens
    right = scientific(training_flops(n, d))
    found = f"6 × 10⁹ × 20 × 10⁹ = 120 × 10¹⁸ = {right} FLOP."
    return Question(
        "By hand: a budget",
        f"A model of {short(n)} parameters is trained on {short(d)} tokens. How many FLOP does its "
        "training take, about?",
        (
            Option(
                f"{scientific(n * d)} FLOP",
                False,
                f"That is N D: one operation for each weight and token, not six. {found}",
            ),
            Option(
                f"{scientific(2 * n * d)} FLOP",
                False,
                f"That is 2 N D, the forward pass alone. The backward pass takes 4 N D. {found}",
            ),
            Option(f"{right} FLOP", True, found),
        ),
        show=_place(BY_HAND),
        see="the point now has this size and this many tokens. The slider C shows its budget.",
    )
