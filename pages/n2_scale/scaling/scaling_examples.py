"""What the laws say of two cases that the page's text speaks of."""

from __future__ import annotations

from figures.embedding_size import millions
from figures.numbers import count, percent, short
from pages.n2_scale.scaling.scaling_board import DEFAULT, known_model
from transformer_core.laws.parameters import count_parameters
from transformer_core.laws.scaling import LAWS, ParametricLaw, cheapest_for_loss
from ui.models import LoadedModel
from ui.prose import plain

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


def shown_model(loaded: LoadedModel) -> str:
    """The reader's model beside the rule: what is known of it."""
    known = known_model(loaded.name)
    if known is None:
        size = millions(count_parameters(loaded.config).total)
        return (
            f"**The model shown here**, {plain(loaded.title)}, has {size} parameters. On how many "
            "tokens it was trained is not recorded here, so it is not on the plane."
        )
    n, d = known["n_parameters"], known["n_tokens"]
    best = LAWS["refit"].optimum(LAWS["refit"].budget_for(n)).n_tokens
    source = f" ({known['source']})" if "source" in known else ""
    return (
        f"**The model shown here**, {known['name']}, has {millions(round(n))} parameters and was "
        f"trained on {short(d)} tokens{source}: {count(d / n)} for each parameter. By the refit a "
        f"model of its size is the best choice at {short(best)} tokens."
    )
