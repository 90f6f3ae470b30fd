"""Writing on, one token at a time: what each step chose, computed and kept."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TypedDict

import streamlit as st
from torch import Tensor

from pages.n1_forward_pass.predict.sampling_settings import (
    SamplingSettings,
    read_settings,
    sampling,
)
from transformer_core.generation import ContextFull, GenerationStep, Sampling, generate, until
from transformer_core.laws.costs import (
    kv_cache_bytes,
    positions_with_cache,
    positions_without_cache,
)
from transformer_core.lens.repetition import RUN, repeated
from ui.frame import reader
from ui.models import HEAVY_PASSES, LoadedModel, load
from ui.serving.component import component
from ui.state import Reader

KEY = "generation-board"
BEST = 5  # candidates told for each step
CIRCLES = 64  # tokens of the two texts that are compared
TAKEN = "generation-taken"


class WrittenStep(TypedDict):
    """One new token, its share and rank; `kept`: how many tokens each filter left.

    `computed`: positions worked through for it; `best`: the likeliest tokens and their shares.
    """

    piece: str
    probability: float
    rank: int
    kept: list[tuple[str, int]]
    computed: int
    best: list[tuple[str, float]]


class Continuation(TypedDict):
    """A text written on, and which of its tokens end a run that has stood there before."""

    pieces: list[str]
    repeated: list[bool]


class GenerationData(TypedDict):
    """A recording, the cache's size, two texts to compare.

    `full`: the context's length, where it ended the text; `with_cache` and `without_cache`:
    positions computed up to each step; `run`: tokens of a repetition.
    """

    pass_key: str
    prompt: tuple[str, ...]
    steps: tuple[WrittenStep, ...]
    full: int | None
    ended: bool
    settings: SamplingSettings
    n_layers: int
    n_kv_heads: int
    d_head: int
    bytes_per_position: float
    with_cache: list[int]
    without_cache: list[int]
    greedy: Continuation
    sampled: Continuation
    run: int


@dataclass(frozen=True)
class Record:
    """A continuation as it was run; `full` is the context length where that ended it."""

    token_ids: tuple[int, ...]
    steps: tuple[WrittenStep, ...]
    full: int | None


@lru_cache(maxsize=32)
def record(
    loaded: LoadedModel, token_ids: tuple[int, ...], how: Sampling, n: int, seed: int
) -> Record:
    """`n` more tokens, or less where the context or the story ends first."""
    with HEAVY_PASSES:
        written = generate(loaded.model, token_ids, how, n, seed)
        events = list(until(written, loaded.tokenizer.stop_ids))
    steps = [event for event in events if isinstance(event, GenerationStep)]
    full = [event.context_length for event in events if isinstance(event, ContextFull)]
    return Record(
        tuple(step.token_id for step in steps),
        tuple(_describe(loaded, step) for step in steps),
        full[0] if full else None,
    )


@st.fragment
def show_generation_board() -> None:
    """Recorded on the server, played in the browser."""
    if st.session_state.pop(TAKEN, False):
        st.rerun()
    now, (settings, _) = reader(), read_settings(st.session_state)
    component(__file__)(
        key=KEY, data=describe_generation(now, settings), on_go_change=_again, on_take_change=_take
    )


def _again() -> None:
    """The press itself is enough: the fragment reads the settings from the address."""


def _take() -> None:
    """Append the first so many of the new tokens to the reader's text."""
    now, (settings, _) = reader(), read_settings(st.session_state)
    wanted = st.session_state[KEY].take
    if isinstance(wanted, int) and wanted > 0:
        taken = _written(now, settings).token_ids[:wanted]
        st.session_state["more"] = ".".join(map(str, (*now.more, *taken)))
        st.session_state["token"] = ""
        st.session_state[TAKEN] = True


def _written(now: Reader, settings: SamplingSettings) -> Record:
    n, seed = int(settings["sample_length"]), int(settings["sample_seed"])
    return record(load(now.model_name), now.token_ids, sampling(settings), n, seed)


def describe_generation(now: Reader, settings: SamplingSettings) -> GenerationData:
    """Each step as it was run, the size of the cache, and two texts to compare."""
    loaded = load(now.model_name)
    config, prompt, written = loaded.config, len(now.token_ids), _written(now, settings)
    counts = range(1, len(written.steps) + 1)
    seed = int(settings["sample_seed"])
    return {
        "pass_key": f"{now.model_name} {now.token_ids} {settings}",
        "prompt": now.pieces,
        "steps": written.steps,
        "full": written.full,
        "ended": not loaded.tokenizer.stop_ids.isdisjoint(written.token_ids[-1:]),
        "settings": settings,
        "n_layers": config.n_layers,
        "n_kv_heads": config.n_kv_heads,
        "d_head": config.d_head,
        "bytes_per_position": kv_cache_bytes(config, 1, bytes_per_number=4),
        "with_cache": [positions_with_cache(prompt, n) for n in counts],
        "without_cache": [positions_without_cache(prompt, n) for n in counts],
        "greedy": _circles(now, Sampling(temperature=0), seed),
        "sampled": _circles(now, Sampling(), seed),
        "run": RUN,
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


def _circles(now: Reader, how: Sampling, seed: int) -> Continuation:
    """A continuation, and which of its tokens end a run that has stood in the text before."""
    loaded = load(now.model_name)
    ids = record(loaded, now.token_ids, how, CIRCLES, seed).token_ids
    flags = repeated([*now.token_ids, *ids], start=len(now.token_ids))
    return {"pieces": loaded.tokenizer.pieces(list(ids)), "repeated": flags}
