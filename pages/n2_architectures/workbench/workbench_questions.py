"""What the workbench asks: two counts by hand, two comparisons that the picture then shows."""

from __future__ import annotations

from dataclasses import replace

from figures.numbers import short
from transformer_core.laws.blueprint import Blueprint
from transformer_core.laws.blueprints import BLUEPRINTS
from transformer_core.laws.costs import kv_cache_numbers
from transformer_core.laws.memory import TRAINING
from transformer_core.laws.parameters import count_active, count_parameters
from ui.answers.check import Option, Question

BY_NAME = {each.name: each.plan for each in BLUEPRINTS}
SMALL = Blueprint(
    vocab_size=10,
    context_length=8,
    d_model=4,
    n_layers=1,
    n_heads=2,
    n_kv_heads=2,
    d_ff=16,
    attention_bias=False,
    feed_forward_bias=False,
)


def workbench_questions() -> tuple[Question, ...]:
    """One layer by hand, shared heads, experts, training memory by hand."""
    return layer_question(), sharing_question(), experts_question(), memory_question()


def layer_question() -> Question:
    """12 d² with d = 4."""
    count = count_parameters(SMALL)
    both = count.attention + count.feed_forward
    found = (
        f"Attention has 4 matrices of 4 × 4, which is {count.attention}. The MLP has 4 × 16 and "
        f"16 × 4, which is {count.feed_forward}. Together {both} = 12 · 4². The number of heads "
        "does not matter: they share the width."
    )
    return Question(
        "By hand: one layer",
        "A layer has width 4, 2 heads, an MLP of width 16 with two matrices, and no biases. How "
        "many numbers do its matrices hold?",
        (
            Option(f"{count.feed_forward}", False, f"That is the MLP alone. {found}"),
            Option(f"{both}", True, found),
            Option(
                f"{both + count.attention}",
                False,
                f"That counts attention once for each head, but two heads of 2 share 4. {found}",
            ),
        ),
    )


def sharing_question() -> Question:
    """What sharing keys and values changes in Llama 3 8B."""
    shared = BY_NAME["llama-3-8b"]
    own = replace(shared, n_kv_heads=shared.n_heads)
    factor = kv_cache_numbers(own, 1) / kv_cache_numbers(shared, 1)
    less = count_parameters(own).total - count_parameters(shared).total
    found = (
        f"It would be {factor:.0f} times as large. W_K and W_V would be wider, too, which is "
        f"{short(less)} more parameters, {short(count_parameters(own).total)} in all. The scores "
        "would cost the same, since each of the 32 query heads computes its own already."
    )
    return Question(
        "Shared heads",
        "Llama 3 8B has 32 query heads and 8 key-value heads. What would change most with 32 "
        "key-value heads?",
        (
            Option("Its cache", True, f"The cache keeps keys and values. {found}"),
            Option("Its parameters", False, f"They would grow by a tenth, the cache more. {found}"),
            Option("The arithmetic of its scores", False, f"The cache would change most. {found}"),
        ),
        show={"left": "llama-3-8b", "right": "llama-3-8b~n_kv_heads~32"},
        see="Llama 3 8B beside itself with 32 key-value heads. Compare the rows “cache”.",
    )


def experts_question() -> Question:
    """Total and active parameters of Mixtral."""
    plan = BY_NAME["mixtral-8x7b"]
    total, active = count_parameters(plan).total, count_active(plan)
    found = (
        f"All {short(total)} parameters must be in memory, since any expert may be chosen. A token "
        f"meets {short(active)} of them: attention, the embedding and 2 of 8 experts in each "
        "layer. So it computes like a model of that size."
    )
    return Question(
        "Eight experts",
        "In Mixtral 8x7B, a router chooses 2 of 8 MLPs (experts) for each token. What does that "
        "save, compared with using all 8?",
        (
            Option("Memory", False, f"Nothing is saved there. {found}"),
            Option("Arithmetic", True, found),
            Option(
                "Both, to a quarter",
                False,
                f"Only the experts’ arithmetic falls to a quarter. {found}",
            ),
        ),
        show={"left": "mistral-7b", "right": "mixtral-8x7b"},
        see="Mistral 7B beside Mixtral 8x7B. Compare “all” and “met by one token”.",
    )


def memory_question() -> Question:
    """16 bytes for each parameter."""
    weights, gradients, optimizer = TRAINING["mixed"]
    whole = weights + gradients + optimizer
    found = (
        f"For each parameter: {weights} bytes of weight, {gradients} of gradient, and {optimizer} "
        "of the optimizer, which are a 32-bit copy and Adam’s two 32-bit moments. That makes "
        f"{whole} bytes, or {whole} GB for a billion parameters. Activations come on top."
    )
    return Question(
        "By hand: training memory",
        "A model of a billion parameters is trained with Adam in mixed 16-bit precision. How much "
        "memory do weights, gradients and optimizer take?",
        (
            Option(f"{weights} GB", False, f"That is the 16-bit weights alone. {found}"),
            Option(f"{weights + gradients} GB", False, f"The optimizer is missing. {found}"),
            Option(f"{whole} GB", True, found),
        ),
    )
