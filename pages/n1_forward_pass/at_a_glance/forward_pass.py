"""The first screen: a sentence's pass on its way to the component that draws it.

The component asks for the pass at an address of ours (`packed_pass`), beside Streamlit, which
would bring it later. Only the rows of tokens that no remembered pass begins with are computed.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import takewhile
from threading import Lock
from time import time_ns
from typing import Any, cast

import streamlit as st
import torch
from torch import Tensor

from pages.n1_forward_pass.at_a_glance.pass_message import (
    ModelShape,
    PassArrays,
    PassHeader,
    Told,
)
from pages.n1_forward_pass.at_a_glance.trace_rows import trace_rows
from transformer_core.generation import Sampling, draw, filter_steps
from transformer_core.kv_cache import KVCache
from transformer_core.lens.logit_lens import logit_lens
from ui.frame import forget_the_rest, reader
from ui.head_roles import head_roles
from ui.models import HEAVY_PASSES, LoadedModel, ModelUnavailableError, load
from ui.serving.address import base_path
from ui.serving.component import component
from ui.serving.data import Answer, data_route
from ui.serving.transport import pack
from ui.state import MAX_CHARACTERS, read_state

KEY = "forward_pass"
PASSES = "/app/static/passes"  # below the app's own address
REMEMBERED = 24  # passes kept; of a shipped model, each about 0.03 MB per token
RANGES = {"temperature": (0.0, 2.0), "top_p": (0.05, 1.0)}


@dataclass(frozen=True)
class Pass:
    """A sentence that has been through the model: its numbers, and the cache to go on."""

    arrays: PassArrays
    last_logits: Tensor
    cache: KVCache
    computed: int


_passes: OrderedDict[tuple[str, tuple[int, ...]], Pass] = OrderedDict()
_passes_lock = Lock()


def run(loaded: LoadedModel, token_ids: tuple[int, ...]) -> Pass:
    """The pass of these tokens; where the text begins like one before, only the rest is run."""
    key = (loaded.name, token_ids)
    with _passes_lock:
        known = _passes.get(key)
        before, shared = (None, 0) if known else _nearest(*key)
    done = known or _compute(loaded, token_ids, before, shared)
    with _passes_lock:
        _passes[key] = done
        _passes.move_to_end(key)
        while len(_passes) > REMEMBERED:
            _passes.popitem(last=False)
    return done


def _nearest(name: str, token_ids: tuple[int, ...]) -> tuple[Pass | None, int]:
    """The remembered pass that shares most of the beginning, and how many tokens that is.

    The last token is never shared: its logits are wanted.
    """
    best, most = None, 0
    for (model, ids), done in _passes.items():
        pairs = zip(ids, token_ids[:-1], strict=False)
        shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
        if model == name and shared > most:
            best, most = done, shared
    return best, most


def _compute(
    loaded: LoadedModel, token_ids: tuple[int, ...], before: Pass | None = None, shared: int = 0
) -> Pass:
    model, new = loaded.model, token_ids[shared:]
    with HEAVY_PASSES, torch.inference_mode():
        size = len(token_ids)
        cache = before.cache.copy(size, shared) if before else KVCache(model.config, size)
        trace = model.trace(torch.tensor([new]), cache=cache)
        arrays = trace_rows(trace, logit_lens(model, trace))
    return Pass(
        arrays=before.arrays.followed_by(arrays, shared) if before else arrays,
        last_logits=trace.logits[0, -1],
        cache=cache,
        computed=len(new),
    )


def packed_pass(raw: Mapping[str, str]) -> bytes:
    """What the picture shows of the sentence that the address's parameters name.

    Raises:
        ModelUnavailableError: where the model cannot be loaded.
    """
    now = read_state(raw)
    loaded = load(now.model_name)
    return message(loaded, run(loaded, now.token_ids), len(now.more), bool(now.notices))


def _answer(raw: Mapping[str, str]) -> Answer:
    return Answer(packed_pass(raw))


def make_first_pass() -> None:
    """The pass of the sentence that a first visitor meets."""
    packed_pass({})


ROUTES = [data_route(PASSES, _answer)]
SCRIPT = "pages/n1_forward_pass/at_a_glance/forward_pass.js"


def message(loaded: LoadedModel, done: Pass, n_sampled: int, noticed: bool) -> bytes:
    """What the browser is sent.

    Args:
        loaded: the model.
        done: the pass.
        n_sampled: how many of the last tokens were sampled, not typed.
        noticed: whether the frame has something to say about the text.
    """
    arrays, tokenizer = done.arrays, loaded.tokenizer
    token_ids = arrays.token_ids.tolist()
    guessed = (*arrays.next_ids.ravel().tolist(), *arrays.lens_ids.ravel().tolist())
    header: PassHeader = {
        "model": _shape(loaded),
        "roles": head_roles(loaded.name),
        "pieces": {str(i): _piece(loaded, i) for i in {*token_ids, *guessed}},
        "bytes": [list(tokenizer.token_bytes(i)) for i in token_ids],
        "computed": done.computed,
        "sampled": n_sampled,
        "noticed": noticed,
    }
    return pack(header, vars(arrays))


@lru_cache(maxsize=20_000)
def _piece(loaded: LoadedModel, token_id: int) -> str:
    return loaded.tokenizer.pieces([token_id])[0]


@cache
def _shape(loaded: LoadedModel) -> ModelShape:
    config = loaded.config
    parameters = sum(p.numel() for p in loaded.model.parameters())
    known = {"name": loaded.name, "parameters": parameters, "d_head": config.d_head}
    known |= config.to_dict()
    return cast(ModelShape, {name: known[name] for name in ModelShape.__annotations__})


def append_to_text() -> None:
    """Append the token that the browser asks for: clicked, or drawn by temperature and top-p."""
    now, choice = reader(), st.session_state[KEY].append
    if isinstance(choice, dict) and choice.get("length") == len(now.token_ids):
        chosen = _next_token(load(now.model_name), now.token_ids, choice)
        st.session_state["more"] = ".".join(map(str, (*now.more, chosen)))
        st.session_state["token"] = ""


def _next_token(loaded: LoadedModel, token_ids: tuple[int, ...], choice: dict[str, Any]) -> int:
    """Odd numbers from the browser are clamped; an id that does not exist falls back to a draw."""
    wanted = choice.get("token")
    if isinstance(wanted, int) and 0 <= wanted < loaded.config.vocab_size:
        return wanted
    chosen = {name: _within_range(name, choice.get(name)) for name in RANGES}
    sampling = Sampling(temperature=round(chosen["temperature"], 3), top_p=chosen["top_p"])
    chances = filter_steps(run(loaded, token_ids).last_logits, sampling)[-1].probabilities
    return draw(chances, torch.Generator().manual_seed(time_ns()))


def _within_range(name: str, value: Any) -> float:
    """A setting of the draw, from the picture or the address; 1 changes nothing."""
    low, high = RANGES[name]
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return 1.0
    return min(max(number, low), high) if number == number else 1.0


def show() -> None:
    """Mount the component with the sentence that it is to ask for, and where the reader looks.

    Where the model cannot be loaded, the frame has said why.
    """
    try:
        now = reader()
    except ModelUnavailableError:
        return
    data: Told = {
        "passes": f"{base_path()}{PASSES}",
        "sentence": {
            "model": now.model_name,
            "text": st.session_state["text"][:MAX_CHARACTERS],
            "more": ".".join(map(str, now.more)),
        },
        "noticed": bool(now.notices),
        "longest": MAX_CHARACTERS,
        "view": {
            "layer": None if now.chosen_layer is None else now.chosen_layer + 1,
            "head": None if now.chosen_head is None else now.chosen_head + 1,
            "token": now.token + 1,
            "step": st.session_state["step"],
            "temperature": _within_range("temperature", st.session_state["temperature"]),
            "top_p": _within_range("top_p", st.session_state["top_p"]),
        },
    }
    component(__file__)(
        key=KEY, data=data, on_append_change=append_to_text, on_typed_change=forget_the_rest
    )
