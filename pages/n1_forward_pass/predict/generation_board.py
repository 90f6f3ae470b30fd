"""Writing on, one token at a time: what each step chose, computed and kept."""

from __future__ import annotations

from typing import TypedDict

import streamlit as st
from torch import Tensor

from pages.n1_forward_pass.predict.sampling_settings import (
    RANGES,
    SamplingSettings,
    read_settings,
    sampling,
)
from transformer_core.generation import GenerationStep
from transformer_core.laws.costs import (
    kv_cache_bytes,
    positions_with_cache,
    positions_without_cache,
)
from ui.frame import reader
from ui.models import LoadedModel, load
from ui.serving.component import component
from ui.state import Reader, change_settings, settings_named
from ui.writing import Order, Writing, write_on, writing_of

KEY = "generation-board"
BEST = 5  # candidates told for each step
UNASKED = 4  # tokens
MORE, TAKEN = "generation-more", "generation-taken"


class WrittenStep(TypedDict):
    """One new token, its probability and rank; `kept`: how many tokens each filter left.

    `computed`: positions worked through for it; `best`: the likeliest tokens, each with its own.
    """

    piece: str
    probability: float
    rank: int
    kept: list[tuple[str, int]]
    computed: int
    best: list[tuple[str, float]]


class GenerationData(TypedDict):
    """A text as far as it is written, of `asked` tokens, and the cache's size.

    `done`: nothing is left to write; `full`: how many tokens a text may have here, where that ended
    it, and `context` how many the model can read; `ended`: the token with which the model ended it.
    `with_cache` and `without_cache`: positions computed up to each step.
    """

    pass_key: str
    prompt: tuple[str, ...]
    steps: list[WrittenStep]
    asked: int
    done: bool
    full: int | None
    context: int
    ended: str | None
    settings: SamplingSettings
    n_layers: int
    n_kv_heads: int
    d_head: int
    bytes_per_position: float
    with_cache: list[int]
    without_cache: list[int]


@st.fragment
def show_generation_board() -> None:
    """A few tokens are there at first; the browser plays them and asks for more."""
    if st.session_state.pop(TAKEN, False):
        st.rerun()
    wanted = st.session_state.pop(MORE, None)
    now, (settings, _) = reader(), read_settings(settings_named(*RANGES))
    writing = _ordered(now, settings)
    if wanted == pass_key_of(now, settings):
        write_on([writing])
    else:
        begin(writing)
    component(__file__)(
        key=KEY,
        data=describe_generation(now, settings, writing),
        on_go_change=_again,
        on_more_change=_more,
        on_take_change=_take,
    )


def begin(writing: Writing) -> None:
    """The few tokens that are there before anybody asks."""
    while len(writing.steps) < UNASKED and not writing.done:
        writing.step()


def _again() -> None:
    """The press itself is enough: the fragment reads the settings from the address."""


def _more() -> None:
    """The text that is meant is named: by now it may be another one."""
    asked = st.session_state[KEY].more
    st.session_state[MORE] = asked.get("of") if isinstance(asked, dict) else None


def _take() -> None:
    """Append the first so many of the new tokens to the reader's text."""
    now, (settings, _) = reader(), read_settings(settings_named(*RANGES))
    wanted = st.session_state[KEY].take
    if isinstance(wanted, int) and wanted > 0:
        taken = _ordered(now, settings).token_ids[:wanted]
        change_settings({"more": ".".join(map(str, (*now.more, *taken))), "token": ""})
        st.session_state[TAKEN] = True


def order_of(now: Reader, settings: SamplingSettings) -> Order:
    """The reader's text, to be written on with the reader's settings."""
    n, seed = int(settings["sample_length"]), int(settings["sample_seed"])
    return Order(now.model_name, now.token_ids, sampling(settings), n, seed, _describe)


def pass_key_of(now: Reader, settings: SamplingSettings) -> str:
    """What is written on, and how."""
    return f"{now.model_name} {now.token_ids} {settings}"


def _ordered(now: Reader, settings: SamplingSettings) -> Writing:
    return writing_of("generation-writing", order_of(now, settings))


def describe_generation(
    now: Reader, settings: SamplingSettings, writing: Writing
) -> GenerationData:
    """Each step as it was run, and the size of the cache."""
    loaded = load(now.model_name)
    config, prompt, steps = loaded.config, len(now.token_ids), list(writing.steps)
    counts = range(1, len(steps) + 1)
    return {
        "pass_key": pass_key_of(now, settings),
        "prompt": now.pieces,
        "steps": steps,
        "asked": int(settings["sample_length"]),
        "done": writing.done,
        "full": writing.full,
        "context": config.context_length,
        "ended": steps[-1]["piece"] if writing.stopped else None,
        "settings": settings,
        "n_layers": config.n_layers,
        "n_kv_heads": config.n_kv_heads,
        "d_head": config.d_head,
        "bytes_per_position": kv_cache_bytes(config, 1, bytes_per_number=4),
        "with_cache": [positions_with_cache(prompt, n) for n in counts],
        "without_cache": [positions_without_cache(prompt, n) for n in counts],
    }


def _describe(loaded: LoadedModel, step: GenerationStep) -> WrittenStep:
    chances = step.filters[-1].probabilities
    best = chances.topk(BEST)
    ids = [i for i, p in zip(best.indices.tolist(), best.values.tolist(), strict=True) if p > 0]
    return {
        "piece": loaded.tokenizer.pieces([step.token_id])[0],
        "probability": step.probability,
        "rank": _rank(step.logits, step.token_id),
        "kept": [(f.name, int(f.kept.sum())) for f in step.filters],
        "computed": step.n_computed,
        "best": list(zip(loaded.tokenizer.pieces(ids), best.values.tolist(), strict=False)),
    }


def _rank(logits: Tensor, token_id: int) -> int:
    return int((logits > logits[token_id]).sum()) + 1
