"""The clock: what one block and one new token really take on this machine.

The processor time of the calling thread, in which torch computes where it is set to one thread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import median

import torch

from transformer_core.attention import masked_softmax
from transformer_core.generation import GenerationStep, Sampling, generate
from transformer_core.masks import causal_mask
from transformer_core.transformer import Transformer
from transformer_core.turns import CLOCK

LENGTHS = (16, 32, 64, 128, 256, 512, 1024, 2048)
ENOUGH = 0.06  # seconds for one length and part, once it has run three times
GREEDY = Sampling(temperature=0)


@dataclass(frozen=True)
class BlockTime:
    """One block at one length, in seconds.

    `linear`: the projections and the feed-forward network; `attention`: scores, mask, softmax and
    mixing, written out as in `Attention.trace`.
    """

    n: int
    linear: float
    attention: float


@dataclass(frozen=True)
class DecodingTime:
    """The same tokens written with the KV cache and without; seconds of each new token.

    `prefill` is the pass over the prompt that fills the cache and gives the first token, which
    `cached` and `uncached` leave out.
    """

    n_prompt: int
    prefill: float
    cached: tuple[float, ...]
    uncached: tuple[float, ...]
    token_ids: tuple[int, ...]
    same_tokens: bool


@torch.inference_mode()
def time_block(model: Transformer, n: int) -> BlockTime:
    """The first block's parts on n random vectors; the time does not depend on their values.

    Beyond the context a model could not be asked for a prediction, but its block can be timed.
    """
    block, config = model.blocks[0], model.config
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(1, n, config.d_model, generator=generator)
    attention, mask = block.attention, causal_mask(n)
    q, k, v = (torch.randn(1, config.n_heads, n, config.d_head, generator=generator),) * 3

    def linear() -> None:
        for matrix in (attention.q_proj, attention.k_proj, attention.v_proj, attention.out_proj):
            matrix(x)
        block.feed_forward(x)

    def mix() -> None:
        masked_softmax((q / sqrt(config.d_head)) @ k.mT, mask) @ v

    return BlockTime(n, _seconds(linear), _seconds(mix))


def time_blocks(model: Transformer, lengths: Sequence[int] = LENGTHS) -> Iterator[BlockTime]:
    """One length after the other, the short ones first."""
    for n in lengths:
        yield time_block(model, n)


def _seconds(work: Callable[[], None]) -> float:
    """Median of three runs or more; the first is not counted."""
    work()
    taken: list[float] = []
    while len(taken) < 3 or sum(taken) < ENOUGH:
        start = CLOCK()
        work()
        taken.append(CLOCK() - start)
    return median(taken)


def time_decoding(model: Transformer, token_ids: Sequence[int], n_new: int) -> DecodingTime:
    """Write `n_new` tokens after the prompt twice, greedily, and time each of them.

    Raises:
        ValueError: where the context has no room for two new tokens.
    """
    room = model.config.context_length - len(token_ids)
    if room < 2:
        raise ValueError(
            f"the text has {len(token_ids)} tokens and the context ends at "
            f"{model.config.context_length}; shorten the text by at least {2 - room} tokens"
        )
    cached_ids, cached = _timed_steps(model, token_ids, min(n_new, room), use_cache=True)
    plain_ids, plain = _timed_steps(model, token_ids, min(n_new, room), use_cache=False)
    return DecodingTime(
        n_prompt=len(token_ids),
        prefill=cached[0],
        cached=tuple(cached[1:]),
        uncached=tuple(plain[1:]),
        token_ids=tuple(cached_ids),
        same_tokens=cached_ids == plain_ids,
    )


def _timed_steps(
    model: Transformer, token_ids: Sequence[int], n_new: int, use_cache: bool
) -> tuple[list[int], list[float]]:
    steps = generate(model, token_ids, GREEDY, n_new, use_cache=use_cache)
    ids, seconds = [], []
    start = CLOCK()
    for step in steps:
        if isinstance(step, GenerationStep):
            ids.append(step.token_id)
            seconds.append(CLOCK() - start)
        start = CLOCK()
    return ids, seconds
