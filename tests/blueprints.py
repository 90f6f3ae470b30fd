"""Configurations on paper for tests: the published ones, and any that can be built."""

from hypothesis import strategies as some

from transformer_core.laws.blueprint import CHOICES, Blueprint, problem
from transformer_core.laws.blueprints import BLUEPRINTS, Published

BY_NAME = {each.name: each.plan for each in BLUEPRINTS}


def published(name: str) -> Published:
    return next(each for each in BLUEPRINTS if each.name == name)


@some.composite
def any_plan(draw) -> Blueprint:
    """Sizes and choices of all kinds; many of them fit each other, not all."""

    def pick(low: int, high: int) -> int:
        return draw(some.integers(low, high))

    heads = pick(1, 12)
    divisors = [each for each in range(1, heads + 1) if heads % each == 0]
    choices = {name: draw(some.sampled_from(values)) for name, values in CHOICES.items()}
    switches = ("attention_bias", "feed_forward_bias", "tied_embeddings", "qk_norm", "router_bias")
    return Blueprint(
        vocab_size=pick(1, 300_000),
        context_length=pick(1, 200_000),
        d_model=heads * pick(1, 900) + draw(some.sampled_from((0, 0, 0, 0, 1))),
        n_layers=pick(0, 130),
        n_heads=heads,
        n_kv_heads=draw(some.sampled_from((*divisors, heads, 5))),
        d_ff=pick(1, 60_000),
        head_width=draw(some.sampled_from((0, 0, 0, 64, 128, 7))),
        sliding_window=draw(some.sampled_from((0, 0, 100, 4096))),
        global_every=draw(some.sampled_from((0, 2, 6))),
        q_rank=pick(0, 2000),
        kv_rank=pick(1, 900),
        rope_width=pick(0, 90),
        value_width=pick(1, 256),
        n_experts=draw(some.sampled_from((0, 0, 0, 8, 64, 256))),
        n_active=pick(1, 9),
        n_shared=pick(0, 3),
        d_expert=pick(1, 20_000),
        n_dense_layers=pick(0, 5),
        **choices,
        **{name: draw(some.booleans()) for name in switches},
    )


def possible() -> some.SearchStrategy[Blueprint]:
    """Those that can be built."""
    return any_plan().filter(lambda plan: problem(plan) == "")
