"""Measured on this server when a reader asks: one block at growing lengths, decoding both ways."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from threading import Lock
from typing import Generic, TypeVar

import streamlit as st

from figures.numbers import count, number
from figures.timing import block_times, decoding_times
from transformer_core.config import TransformerConfig
from transformer_core.kv_cache import LayerCache
from transformer_core.laws.costs import forward_flops, kv_cache_bytes
from transformer_core.lens.timing import (
    LENGTHS,
    BlockTime,
    DecodingTime,
    time_blocks,
    time_decoding,
)
from ui.chart import show_chart
from ui.code_drawer import show_code
from ui.frame import reader
from ui.models import HEAVY_PASSES, load
from ui.state import Reader

T = TypeVar("T")

MOST_NEW, FEWEST_NEW = 96, 4  # tokens
ENOUGH = 1e11  # FLOP of the run without the cache: some seconds on one core
KEPT = 16
WAIT = 10.0  # seconds for another reader's measurement to end

# One measurement at a time: two at once would time each other.
_measuring = Lock()
_blocks: dict[str, Measured[list[BlockTime]]] = {}
_decodings: OrderedDict[tuple[str, tuple[int, ...]], Measured[DecodingTime]] = OrderedDict()


@dataclass(frozen=True)
class Measured(Generic[T]):
    """What the clock said, and when."""

    value: T
    at: datetime


@st.fragment
def show_timings() -> None:
    """Two measurements side by side, each behind a button; the last one is kept for all readers."""
    now = reader()
    left, right = st.columns(2)
    with left:
        _show_blocks(now)
    with right:
        _show_decoding(now)


def _show_blocks(now: Reader) -> None:
    loaded = load(now.model_name)
    known = _blocks.get(now.model_name)
    if st.button(
        "Measure again" if known else "Time one block here",
        icon=":material/timer:",
        key="time-blocks",
    ):
        known = _measure_blocks(now.model_name) or known
    if known is None:
        st.caption(
            "Runs one block of this model on 16 to 2,048 random vectors on this server. It "
            "measures the time of the matrices and of attention. It takes a few seconds."
        )
        return
    _draw_blocks(known, loaded.config)


def _draw_blocks(known: Measured[list[BlockTime]], config: TransformerConfig) -> None:
    times, one = known.value, forward_flops(config, 1)
    a, b = times[-3], times[-1]
    show_chart(
        block_times(times, one.linear / config.n_layers, one.attention / config.n_layers),
        key="block-times",
        finding=[
            f"From {count(a.n)} to {count(b.n)} tokens: matrices ",
            ("feed-forward", f"× {number(b.linear / a.linear, 1)}"),
            ", attention ",
            ("attention", f"× {number(b.attention / a.attention, 1)}"),
            "; the formulas say × 4 and × 16",
        ],
        caption=[
            f"Processor time, measured {_when(known.at)}. The dotted lines are the formulas, at "
            "the speed that the matrices reached for the longest text. Attention lies above its "
            "line because the formula leaves out the softmax, which moves many numbers. Short "
            "texts lie above it because starting a computation takes time."
        ],
        alt=f"Time of one block against length: at {b.n} tokens the matrices take "
        f"{number(1e3 * b.linear, 1)} ms, attention {number(1e3 * b.attention, 1)} ms.",
    )


def _measure_blocks(name: str) -> Measured[list[BlockTime]] | None:
    model, times = load(name).model, []
    if not _measuring.acquire(timeout=WAIT):
        st.warning("Another reader is measuring just now. Try again in a few seconds.")
        return None
    try:
        progress = st.progress(0.0, "Measuring")
        with HEAVY_PASSES:
            for i, each in enumerate(time_blocks(model)):
                times.append(each)
                progress.progress((i + 1) / len(LENGTHS), f"{count(each.n)} tokens")
        progress.empty()
    finally:
        _measuring.release()
    _blocks[name] = Measured(times, datetime.now().astimezone())
    return _blocks[name]


def _show_decoding(now: Reader) -> None:
    wanted = (now.model_name, now.token_ids)
    known = _decodings.get(wanted)
    n_new = new_tokens(load(now.model_name).config, len(now.token_ids))
    if st.button(
        "Measure again" if known else "Continue your text, with and without cache",
        icon=":material/timer:",
        key="time-decoding",
    ):
        known = _measure_decoding(*wanted) or known
    if known is None:
        st.caption(
            f"The model writes up to {n_new} tokens after your text, twice: once with a cache of "
            "keys and values, and once without. It takes some seconds."
        )
        return
    _draw_decoding(known, load(now.model_name).config)
    show_code(LayerCache.append, "How the cache was written")


def _draw_decoding(known: Measured[DecodingTime], config: TransformerConfig) -> None:
    time = known.value
    fast, slow = (len(each) / sum(each) for each in (time.cached, time.uncached))
    each, every = number(1e3 / fast), number(1e3 / slow)
    per_token = kv_cache_bytes(config, 1, bytes_per_number=4)
    same = (
        "Both wrote the same tokens."
        if time.same_tokens
        else "The two texts differ where two tokens were almost equally likely."
    )
    show_chart(
        decoding_times(time),
        key="decoding-times",
        finding=[
            ("value", f"{count(fast)} tokens per second"),
            " with the cache, ",
            ("negative", count(slow)),
            " without",
        ],
        caption=[
            f"Processor time, measured {_when(known.at)}. Prefill took "
            f"{number(1e3 * time.prefill, 1)} ms for {time.n_prompt} tokens, which is "
            f"{number(1e3 * time.prefill / time.n_prompt)} ms for each. A written token took "
            f"{each} ms. Prefill reads every weight once for all tokens, decoding once for each. "
            f"The cache grew by {number(per_token / 1024, 1)} KiB per token (32-bit). {same}"
        ],
        alt=f"Milliseconds per new token: with the cache {each}, without {every} on average and "
        "rising with the length.",
    )


def new_tokens(config: TransformerConfig, n: int) -> int:
    """How many are written after n: of a large model few, as each is a whole pass again."""
    passes = accumulate(forward_flops(config, n + i).total for i in range(MOST_NEW))
    return max(FEWEST_NEW, sum(spent <= ENOUGH for spent in passes))


def _measure_decoding(name: str, token_ids: tuple[int, ...]) -> Measured[DecodingTime] | None:
    model = load(name).model
    if not _measuring.acquire(timeout=WAIT):
        st.warning("Another reader is measuring just now. Try again in a few seconds.")
        return None
    try:
        with HEAVY_PASSES, st.spinner("Writing the text twice"):
            time = time_decoding(model, token_ids, new_tokens(model.config, len(token_ids)))
    except ValueError as error:
        st.warning(f"This cannot be measured: {error}.")
        return None
    finally:
        _measuring.release()
    _decodings[name, token_ids] = Measured(time, datetime.now().astimezone())
    while len(_decodings) > KEPT:
        _decodings.popitem(last=False)
    return _decodings[name, token_ids]


def _when(at: datetime) -> str:
    return f"{at.day} {at:%B %Y, %H:%M}"
