"""What the laws say of two cases that the page's text speaks of."""

from __future__ import annotations

from figures.numbers import percent, short
from pages.n2_scale.scaling.scaling_board import DEFAULT
from transformer_core.laws.scaling import LAWS, ParametricLaw, cheapest_for_loss

ENDLESS = 1e30
SERVED = 1e13


def doubling() -> str:
    """What twice the parameters take off the loss by Kaplan's law, and twice the text."""
    law = LAWS["kaplan"]
    n, d = DEFAULT.n_parameters, DEFAULT.n_tokens
    by_size = 1 - law.loss(2 * n, ENDLESS) / law.loss(n, ENDLESS)
    by_text = 1 - law.loss(ENDLESS, 2 * d) / law.loss(ENDLESS, d)
    return (
        f"By Kaplan's formula twice the parameters take {percent(by_size)} off the loss, and twice "
        f"the tokens {percent(by_text)}, where there is enough of the other."
    )


def served() -> str:
    """Chinchilla's loss at the least compute over a life of so many tokens."""
    law = LAWS["refit"]
    assert isinstance(law, ParametricLaw)
    loss = law.loss(DEFAULT.n_parameters, DEFAULT.n_tokens)
    best = cheapest_for_loss(law, loss, SERVED)
    return (
        f"By the refit, Chinchilla's loss costs least over {short(SERVED)} tokens served with "
        f"{short(best.n_parameters)} parameters instead of its {short(DEFAULT.n_parameters)}, "
        f"trained on {short(best.n_tokens)} tokens."
    )
