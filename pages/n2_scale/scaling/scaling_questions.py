"""What the Scaling lesson asks, about the law and the point that the reader has chosen."""

from __future__ import annotations

from math import log10

from figures.numbers import number, scientific, short
from pages.n2_scale.scaling.scaling_board import chosen
from transformer_core.laws.published import CHINCHILLA_FLOPS, TOKENS_PER_PARAMETER
from transformer_core.laws.scaling import LAWS, Allocation, Law, training_flops
from ui.check import Option, Question


def scaling_questions() -> tuple[Question, ...]:
    """All computed with the law in force."""
    name, here, _ = chosen()
    law = LAWS[name]
    return growth_question(law, here), bottleneck_question(law, here), rule_question()


def growth_question(law: Law, here: Allocation) -> Question:
    """Ten times the budget: how much larger a model?"""
    flops = training_flops(here.n_parameters, here.n_tokens)
    size = law.optimum(10 * flops).n_parameters / law.optimum(flops).n_parameters
    found = (
        f"By this law the best size grows with C to the power {number(log10(size))}: ten times the "
        f"budget gives {number(size, 1)} times the parameters and {number(10 / size, 1)} times the "
        "tokens."
    )
    return Question(
        "Ten times the budget",
        "You are given ten times the compute. How should the best model change?",
        (
            Option("10 times the parameters, the same tokens", False, found),
            Option("Parameters and tokens each 2 to 4 times", 2.5 <= size <= 4, found),
            Option("Parameters 5 times or more, tokens at most twice", size >= 5, found),
            Option("The same parameters, 10 times the tokens", False, found),
        ),
    )


def bottleneck_question(law: Law, here: Allocation) -> Question:
    """Which doubling helps more at the reader's own point?"""
    n, d = here.n_parameters, here.n_tokens
    now, larger, longer = law.loss(n, d), law.loss(2 * n, d), law.loss(n, 2 * d)
    by_size, by_text = now - larger, now - longer
    found = (
        f"At {short(n)} parameters and {short(d)} tokens the loss is {number(now, 3)}. Twice "
        f"the parameters take {number(by_size, 4, 0)} nats off, twice the tokens "
        f"{number(by_text, 4, 0)}; either doubles the compute."
    )
    return Question(
        "Twice what?",
        f"At {short(n)} parameters and {short(d)} tokens: what lowers the loss more?",
        (
            Option("Twice the parameters", by_size > by_text, found),
            Option("Twice the tokens", by_text > by_size, found),
            Option("Exactly the same", by_text == by_size, found),
        ),
    )


def rule_question() -> Question:
    """What do the printed constants themselves say?"""
    printed, refit = (
        LAWS[name].optimum(CHINCHILLA_FLOPS).tokens_per_parameter
        for name in ("chinchilla", "refit")
    )
    found = (
        f"With the printed digits the formula gives {printed:.0f} tokens per parameter at "
        f"Chinchilla's {scientific(CHINCHILLA_FLOPS)} FLOP. The rule of {TOKENS_PER_PARAMETER} "
        "comes from the paper's other two methods; fitted again in 2024, the formula gives "
        f"{refit:.0f}."
    )
    return Question(
        "The rule of 20",
        "Chinchilla's printed formula, at Chinchilla's own budget: how many tokens per parameter?",
        (
            Option("About 2", False, found),
            Option("About 20", False, found),
            Option("About 93", round(printed) == 93, found),
        ),
    )
