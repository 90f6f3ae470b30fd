"""What the laws say of two cases that the page's text speaks of."""

from __future__ import annotations

from figures.embedding_size import millions
from figures.numbers import count, scientific, short
from pages.n4_scale.scaling.scaling_board import DEFAULT, known_model
from transformer_core.laws.parameters import count_parameters
from transformer_core.laws.published import CHINCHILLA_FLOPS
from transformer_core.laws.scaling import LAWS, REFIT, cheapest_for_loss
from ui.models import LoadedModel
from ui.prose import plain

SERVED = 1e13


def ratios() -> str:
    """Tokens per parameter at Chinchilla's budget: three sets of digits, and what was trained."""
    printed, unrounded, refit = (
        count(LAWS[name].optimum(CHINCHILLA_FLOPS).tokens_per_parameter)
        for name in ("chinchilla", "unrounded", "refit")
    )
    trained = count(DEFAULT.tokens_per_parameter)
    return (
        f"For {scientific(CHINCHILLA_FLOPS)} FLOP, the printed constants (406.4, 410.7, 0.34, "
        f"0.28) give {printed} tokens per parameter. The same fit with all its digits gives "
        f"{unrounded}, and the refit of 2024 gives {refit}. Chinchilla itself was trained on "
        f"{trained}."
    )


def served() -> str:
    """Chinchilla's loss at the least compute over a life of so many tokens."""
    loss = REFIT.loss(DEFAULT.n_parameters, DEFAULT.n_tokens)
    best = cheapest_for_loss(REFIT, loss, SERVED)
    return (
        f"Suppose that {short(SERVED)} tokens are served. By the refit, Chinchilla’s loss is then "
        f"cheapest with {short(best.n_parameters)} parameters instead of its "
        f"{short(DEFAULT.n_parameters)}, trained on {short(best.n_tokens)} tokens."
    )


def shown_model(loaded: LoadedModel) -> str:
    """The reader's model beside the rule: what is known of it."""
    known = known_model(loaded.name)
    if known is None:
        size = millions(count_parameters(loaded.config).total)
        return (
            f"**Your model**, {plain(loaded.title)}, has {size} parameters. The number of its "
            "training tokens is not recorded here, so the plane does not show it."
        )
    n, d = known["n_parameters"], known["n_tokens"]
    best = REFIT.optimum(REFIT.budget_for(n)).n_tokens
    source = f" ({known['source']})" if "source" in known else ""
    return (
        f"**Your model**, {known['name']}, has {millions(round(n))} parameters and was trained on "
        f"{short(d)} tokens{source}: {count(d / n)} for each parameter. By the refit, a model of "
        f"its size is the best choice for {short(best)} training tokens."
    )
