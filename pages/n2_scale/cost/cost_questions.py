"""What the Cost lesson asks, computed for the reader's own text and model."""

from __future__ import annotations

from figures.numbers import number
from transformer_core.config import TransformerConfig
from transformer_core.laws.costs import (
    forward_flops,
    kv_cache_bytes,
    positions_with_cache,
    positions_without_cache,
)
from ui.check import Option, Question
from ui.frame import reader
from ui.models import load

WRITTEN = 20  # tokens in the question about the cache


def cost_questions() -> tuple[Question, ...]:
    """About length, cache and sharing."""
    now = reader()
    config, n = load(now.model_name).config, len(now.token_ids)
    return length_question(config, n), cache_question(n), sharing_question(config)


def length_question(config: TransformerConfig, n: int) -> Question:
    """Twice the text: what happens to the whole pass?"""
    once, twice = forward_flops(config, n), forward_flops(config, 2 * n)
    factor, longest = twice.total / once.total, config.context_length
    there = forward_flops(config, 2 * longest).total / forward_flops(config, longest).total
    found = (
        f"Scores and mixing take 4 times as much, the matrices and the unembedding twice: at {n} "
        f"tokens that makes {number(factor, 3)} times in all. At {longest:,} tokens, the most that "
        f"this model can read, it would be {number(there, 3)} times."
    )
    return Question(
        "Twice the text",
        f"Your text has {n} token{'s' if n > 1 else ''}. With a text of twice the length, how much "
        "more arithmetic is the whole pass?",
        (
            Option("The same", False, found),
            Option("About 2 times", factor < 2.5, found),
            Option("About 4 times", factor >= 2.5, found),
        ),
    )


def cache_question(n: int) -> Question:
    """How many positions are computed for so many new tokens without a cache?"""
    plain, cached = positions_without_cache(n, WRITTEN), positions_with_cache(n, WRITTEN)
    found = (
        f"Without a cache the 1st new token works through {n} positions, the {WRITTEN}th through "
        f"{n + WRITTEN - 1}: {plain:,} in all. With it, {n} for the first and 1 for each other: "
        f"{cached}."
    )
    options = sorted({cached, plain, plain * 4, WRITTEN * WRITTEN * n * n})
    return Question(
        f"{WRITTEN} new tokens",
        f"The model writes {WRITTEN} tokens after your {n}. How many positions does it work "
        "through without a cache?",
        tuple(Option(f"{each:,}", each == plain, found) for each in options),
    )


def sharing_question(config: TransformerConfig) -> Question:
    """What does sharing keys and values save in this very model?"""
    own = kv_cache_bytes(config, 1, bytes_per_number=4)
    full = kv_cache_bytes(config, 1, bytes_per_number=4, n_kv_heads=config.n_heads)
    single = kv_cache_bytes(config, 1, bytes_per_number=4, n_kv_heads=1)
    found = (
        f"As it runs here, in 32-bit, this model keeps {number(own / 1024, 1)} KiB a token, with "
        f"{config.n_kv_heads} key-value heads for {config.n_heads} query heads. One for each "
        f"query head would keep {number(full / 1024, 1)} KiB, one for all "
        f"{number(single / 1024, 1)} KiB. It changes what is kept, not how many scores are "
        "computed."
    )
    return Question(
        "One key for all",
        f"If all {config.n_heads} heads of a layer shared one key and one value (MQA), what would "
        "shrink?",
        (
            Option(f"The cache, to 1/{config.n_kv_heads} of what it is", True, found)
            if config.n_kv_heads > 1
            else Option("Nothing: this model shares them already", True, found),
            Option(f"The number of scores, to 1/{config.n_heads}", False, found),
            Option("The length that the model can read", False, found),
        ),
    )
