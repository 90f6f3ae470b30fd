"""Greedy decoding beside draws, from the same text: which repeats itself, and why."""

from __future__ import annotations

from functools import lru_cache
from typing import TypedDict

import streamlit as st
import torch

from pages.n1_forward_pass.predict.sampling_settings import RANGES, read_settings
from transformer_core.generation import GenerationStep, Sampling
from transformer_core.lens.repetition import RUN, repeated
from ui.frame import reader, take_text
from ui.known_models import REAL_MODEL, SHIPPED
from ui.models import HEAVY_PASSES, LoadedModel, load
from ui.serving.component import component
from ui.state import Reader, settings_named
from ui.writing import Order, Writing, write_on, writing_of

WRITTEN = 64  # tokens of each
ECHOED, ROUNDS = 32, 6  # tokens of a round at most, and rounds
MORE = "two-ways-more"
LOOPS = {  # texts on which greedy decoding loops, by model
    **dict.fromkeys(SHIPPED, "I like"),
    REAL_MODEL: "The dog barked, and the dog",
}


class Continuation(TypedDict):
    """A text as far as it is written, and which of its tokens end a run that stood there before."""

    pieces: list[str]
    repeated: list[bool]
    done: bool


class EchoRound(TypedDict):
    """One round of a repeated text: the mean probability of its tokens, and for which part of them
    the token that stands there is also the most probable one.
    """

    probability: float
    first: float


class TwoWaysData(TypedDict):
    """Two texts of at most `asked` tokens, none where there is no room; `run`: of a repetition.

    `echo`: the rounds of the reader's text, of which each has `echoed` tokens.
    """

    pass_key: str
    greedy: Continuation
    sampled: Continuation
    asked: int
    room: int
    seed: int
    run: int
    echo: list[EchoRound]
    echoed: int


def offer_loop(now: Reader) -> None:
    """A text on which this model is known to loop; one click makes it the reader's sentence."""
    if text := LOOPS.get(now.model_name):
        with st.container(horizontal=True, vertical_alignment="center", key="predict-loop"):
            st.caption("A text on which this model loops:", width="content")
            st.button(text, on_click=take_text, args=(text,), type="tertiary")


@st.fragment
def show_two_ways_board() -> None:
    """Nothing is written until the reader asks, and then a stretch at a time."""
    more = st.session_state.pop(MORE, False)
    now, (settings, _) = reader(), read_settings(settings_named(*RANGES))
    ways = ordered_ways(now, int(settings["sample_seed"]))
    if more:
        write_on(ways)
    component(__file__)(key="two-ways-board", data=describe_ways(now, *ways), on_more_change=_more)


def _more() -> None:
    st.session_state[MORE] = True


def ordered_ways(now: Reader, seed: int) -> tuple[Writing, Writing]:
    """Always the likeliest token; and each drawn by its share."""
    greedy, sampled = (
        writing_of(
            f"two-ways-{name}",
            Order(now.model_name, now.token_ids, how, WRITTEN, seed, _piece),
        )
        for name, how in (("greedy", Sampling(temperature=0)), ("sampled", Sampling()))
    )
    return greedy, sampled


def describe_ways(now: Reader, greedy: Writing, sampled: Writing) -> TwoWaysData:
    """Both as far as they are written."""
    return {
        "pass_key": f"{now.model_name} {now.token_ids} {sampled.order.seed}",
        "greedy": _continuation(now, greedy),
        "sampled": _continuation(now, sampled),
        "asked": WRITTEN,
        "room": greedy.room,
        "seed": sampled.order.seed,
        "run": RUN,
        "echo": echo_of(now.model_name, now.token_ids[:ECHOED]),
        "echoed": min(len(now.token_ids), ECHOED),
    }


@lru_cache(maxsize=32)
def echo_of(model_name: str, token_ids: tuple[int, ...]) -> list[EchoRound]:
    """The text several times in a row, in one pass: how probable is each round?

    The experiment of Xu et al. 2022 (arXiv 2206.02369), on the reader's own text. The first token
    of all has no prediction.
    """
    loaded, n = load(model_name), len(token_ids)
    rounds = min(ROUNDS, loaded.most_tokens // n)
    ids = torch.tensor([token_ids * rounds])
    with torch.inference_mode(), HEAVY_PASSES:
        logits = loaded.model(ids)[0, :-1]
    came = ids[0, 1:]
    probabilities = logits.softmax(-1).gather(-1, came[:, None])[:, 0]
    first = (logits.argmax(-1) == came).float()
    ends = [slice(max(i * n - 1, 0), (i + 1) * n - 1) for i in range(rounds)]
    return [
        {"probability": float(probabilities[end].mean()), "first": float(first[end].mean())}
        for end in ends
        if end.stop > end.start
    ]


def _piece(loaded: LoadedModel, step: GenerationStep) -> str:
    return loaded.tokenizer.pieces([step.token_id])[0]


def _continuation(now: Reader, writing: Writing) -> Continuation:
    pieces = list(writing.steps)
    ids = writing.token_ids[: len(pieces)]
    flags = repeated([*now.token_ids, *ids], start=len(now.token_ids))
    return {"pieces": pieces, "repeated": flags, "done": writing.done}
