"""What the Cost lesson asks, computed for the reader's own text and model."""

from __future__ import annotations

from figures.numbers import counted, number
from transformer_core.config import TransformerConfig
from transformer_core.laws.costs import (
    comparisons_with_cache,
    forward_flops,
    kv_cache_bytes,
    positions_with_cache,
    positions_without_cache,
)
from ui.answers.check import Option, Question
from ui.frame import reader
from ui.models import load

PROMPT, WRITTEN = 4, 3  # tokens in the question about the cache


def cost_questions() -> tuple[Question, ...]:
    """About length, cache and sharing."""
    now = reader()
    config, n = load(now.model_name).config, len(now.token_ids)
    return length_question(config, n), cache_question(), sharing_question(config)


def length_question(config: TransformerConfig, n: int) -> Question:
    """Twice the text: what happens to the whole pass?"""
    once, twice = forward_flops(config, n), forward_flops(config, 2 * n)
    factor, longest = twice.total / once.total, config.context_length
    there = forward_flops(config, 2 * longest).total / forward_flops(config, longest).total
    found = (
        f"Scores and mixing take 4 times as much, the matrices and the unembedding "
        f"2 times. From {n} tokens, that makes {number(factor, 3)} times in all. From "
        f"{longest:,} tokens, the most that this model can read, it would be "
        f"{number(there, 3)} times."
    )
    return Question(
        "Twice the text",
        f"Your text has {counted(n, 'token')}. How much arithmetic does a pass over a "
        "text of twice the length take?",
        (
            Option(
                "The same",
                False,
                "A machine may take hardly longer, as it computes many tokens at once. But every "
                f"token passes through all matrices. {found}",
            ),
            Option(
                "About 2 times",
                factor < 2.5,
                ("" if factor < 2.5 else "That would hold for the matrices alone. ") + found,
            ),
            Option(
                "About 4 times",
                factor >= 2.5,
                ("That holds for the n² scores, a small part here. " if factor < 2.5 else "")
                + found,
            ),
        ),
        show={"length": str(2 * n)},
        see=f"the model at {2 * n} tokens. The bar shows how much of the arithmetic is scores and "
        "mixing.",
    )


def cache_question() -> Question:
    """How many positions are computed for a few new tokens without a cache?"""
    plain, cached = positions_without_cache(PROMPT, WRITTEN), positions_with_cache(PROMPT, WRITTEN)
    lengths = [PROMPT + i for i in range(WRITTEN)]
    found = (
        f"Without a cache each new token needs a pass over the whole text so far: "
        f"{' + '.join(map(str, lengths))} = {plain} positions. With it, the prompt is computed "
        f"once and then one position for each token but the last: {PROMPT} + {WRITTEN - 1} = "
        f"{cached}. "
        "Each of these positions still reads the keys of all tokens before it."
    )
    read = comparisons_with_cache(PROMPT, WRITTEN)
    return Question(
        "By hand: the cache",
        f"A prompt has {PROMPT} tokens and the model writes {WRITTEN} more. How many positions "
        "does it compute without a cache, over all steps?",
        (
            Option(f"{cached}", False, f"That is the number with the cache. {found}"),
            Option(
                f"{PROMPT * WRITTEN}",
                False,
                f"That is {WRITTEN} passes over the prompt, but the text grows. {found}",
            ),
            Option(f"{plain}", True, found),
            Option(
                f"{read}",
                False,
                f"That is the number of comparisons of queries with keys in a head with the "
                f"cache: 1 + 2 + … + {lengths[-1]} = {read}. {found}",
            ),
        ),
    )


def sharing_question(config: TransformerConfig) -> Question:
    """What does sharing keys and values save in this very model?"""
    own = kv_cache_bytes(config, 1, bytes_per_number=4)
    full = kv_cache_bytes(config, 1, bytes_per_number=4, n_kv_heads=config.n_heads)
    single = kv_cache_bytes(config, 1, bytes_per_number=4, n_kv_heads=1)
    found = (
        f"In 32-bit numbers, this model keeps {number(own / 1024, 1)} KiB a token, with "
        f"{config.n_kv_heads} key-value heads for {config.n_heads} query heads. With one for each "
        f"query head it would keep {number(full / 1024, 1)} KiB, and with one for all heads "
        f"{number(single / 1024, 1)} KiB. Each query head still computes all of its scores."
    )
    return Question(
        "One key for all",
        f"Suppose that all {config.n_heads} heads of a layer shared one key and one value per "
        "token (MQA). What would become smaller?",
        (
            Option(f"The cache, to 1/{config.n_kv_heads} of what it is", True, found)
            if config.n_kv_heads > 1
            else Option("Nothing: this model shares them already", True, found),
            Option(
                f"The number of scores, to 1/{config.n_heads}",
                False,
                f"There are fewer keys to keep, but as many queries to compare with them. {found}",
            ),
            Option(
                "The length that the model can read",
                False,
                "The keys that are kept are smaller, but there is still one for each token. "
                + found,
            ),
        ),
    )
