"""The first screen: a sentence's pass on its way to the component that draws it.

The component asks for the pass at an address of ours (`packed_pass`), beside Streamlit, which
would bring it later. Only the rows of tokens that no remembered pass begins with are computed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import takewhile
from typing import cast

import streamlit as st
import torch
from torch import Tensor

from pages.n1_forward_pass.at_a_glance.next_token import next_token, within_range
from pages.n1_forward_pass.at_a_glance.pass_message import (
    LayerArrays,
    LayerHeader,
    LensArrays,
    LensHeader,
    ModelShape,
    PassArrays,
    PassHeader,
    RoleHere,
    Sentence,
    Told,
)
from pages.n1_forward_pass.at_a_glance.trace_rows import TraceRows, trace_rows
from transformer_core.fast.memory import give_back_memory
from transformer_core.kv_cache import KVCache
from transformer_core.lens.attention_arithmetic import most_telling
from transformer_core.lens.logit_lens import layer_guesses
from transformer_core.lens.prediction import rank_logits
from transformer_core.lens.small_maps import bins_of, resting, small_maps
from ui.examples import first_text
from ui.frame import forget_the_rest, reader
from ui.head_roles import HeadRole, roles_here
from ui.known_models import catalogue
from ui.models import HEAVY_PASSES, LoadedModel, ModelUnavailableError, is_loaded, load
from ui.remembered import Remembered
from ui.serving.address import as_asked, base_path
from ui.serving.component import component
from ui.serving.data import Answer, data_route
from ui.serving.transport import pack
from ui.state import MAX_CHARACTERS, Reader, read_state

KEY = "forward_pass"
PASSES = "/app/static/passes"  # below the app's own address
REMEMBERED = 80 << 20  # bytes of passes
MUCH = 2_000  # rows of layers: the trace of so many is large beside all that is kept
EXACT, GROUPS = 1_024, 512  # of the last position's logits: the largest one by one, then in groups


@dataclass(frozen=True)
class Pass:
    """A sentence that has been through the model: its numbers, and the cache to go on."""

    rows: TraceRows
    last_logits: Tensor
    cache: KVCache
    computed: int


_passes: Remembered[Pass] = Remembered(REMEMBERED)


def run(loaded: LoadedModel, token_ids: tuple[int, ...]) -> Pass:
    """The pass of these tokens; where the text begins like one before, only the rest is run."""
    key = (loaded.name, token_ids)
    if known := _passes.get(key):
        return known
    done = _compute(loaded, token_ids, *_nearest(*key))
    _passes.keep(key, done)
    if done.computed * loaded.config.n_layers > MUCH:
        give_back_memory()
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
        rows = trace_rows(trace)
    return Pass(
        rows=before.rows.followed_by(rows, shared) if before else rows,
        last_logits=trace.logits[0, -1],
        cache=cache,
        computed=len(new),
    )


def packed_pass(raw: Mapping[str, str]) -> bytes:
    """What the picture shows first of the sentence that the address's parameters name.

    Raises:
        ModelUnavailableError: where the model cannot be loaded.
    """
    now = read_state(raw)
    return first_answer(load(now.model_name), now)


def packed_layer(raw: Mapping[str, str]) -> bytes:
    """Another layer's numbers of the same pass."""
    now = read_state(raw)
    layer = now.chosen_layer or 0
    header: LayerHeader = {"layer": layer}
    return pack(header, _layer(run(load(now.model_name), now.token_ids).rows, layer))


def packed_lens(raw: Mapping[str, str]) -> bytes:
    """What each layer would have guessed after another token of the same pass.

    Of a small model after every token, where none is named: it takes less than the pass.
    """
    now = read_state(raw)
    loaded = load(now.model_name)
    every = now.chosen_token is None and loaded.is_small
    tokens = [*range(len(now.token_ids))] if every else [now.token]
    lens = _lens(loaded, run(loaded, now.token_ids).rows, tokens)
    pieces = _pieces(loaded, lens["lens_ids"].ravel().tolist())
    header: LensHeader = {"tokens": tokens, "pieces": pieces}
    return pack(header, lens)


def first_question(raw: Mapping[str, str]) -> str:
    """The address at which the picture will ask for the pass of a page's own parameters.

    Empty where the model would have to be loaded first, for which the page need not wait.
    """
    known = catalogue()
    if not is_loaded(known.find(raw.get("model", "")) or known.default):
        return ""
    now = read_state(raw)
    layer = "" if now.chosen_layer is None else str(now.chosen_layer + 1)
    place = {"layer": layer, "token": str(now.token + 1)}
    return as_asked(PASSES, {**_sentence(now, raw.get("text", first_text())), **place})


def make_first_pass() -> None:
    """The pass of the sentence that a first visitor meets."""
    packed_pass({})


ROUTES = [
    data_route(PASSES, lambda raw: Answer(packed_pass(raw))),
    data_route(f"{PASSES}/layer", lambda raw: Answer(packed_layer(raw))),
    data_route(f"{PASSES}/lens", lambda raw: Answer(packed_lens(raw))),
]
SCRIPT = "pages/n1_forward_pass/at_a_glance/forward_pass.js"


def first_answer(loaded: LoadedModel, now: Reader) -> bytes:
    """The whole pass in small, the layer looked at, and the layers' guesses after one token."""
    done = run(loaded, now.token_ids)
    rows, weights = done.rows, done.rows.weights()
    roles, telling = roles_here(loaded, now.token_ids, weights), most_telling(weights)
    layer = telling[0] if now.chosen_layer is None else now.chosen_layer
    lens, bins = _lens(loaded, rows, [now.token]), bins_of(len(rows.token_ids))
    ranking = rank_logits(done.last_logits[None], EXACT, GROUPS)
    guessed = (*rows.next_ids.ravel().tolist(), *lens["lens_ids"].ravel().tolist())
    header: PassHeader = {
        "model": _shape(loaded),
        "roles": [[_role(each) for each in layer] for layer in roles],
        "telling": telling,
        "layer": layer,
        "tokens": [now.token],
        "every_lens": loaded.is_small,
        "resting": resting(weights),
        "bins": bins,
        "pieces": _pieces(loaded, (*now.token_ids, *guessed)),
        "bytes": [list(loaded.tokenizer.token_bytes(i)) for i in now.token_ids],
        "exact": ranking.first.shape[-1],
        "group": ranking.group,
        "computed": done.computed,
        "sampled": len(now.more),
        "noticed": bool(now.notices),
    }
    whole: PassArrays = {
        **cast(PassArrays, {name: vars(rows)[name] for name in _OF_POSITIONS}),
        "maps": small_maps(weights, bins),
        "last_logits": torch.cat((ranking.first, ranking.rest), dim=-1)[0].numpy(),
    }
    return pack(header, {**whole, **_layer(rows, layer), **lens})


def _role(role: HeadRole | None) -> RoleHere | None:
    if role is None:
        return None
    return {
        "name": role.name,
        "measured": role.measured,
        "here": role.here,
        "shown": role.shown,
    }


_OF_POSITIONS = [name for name in PassArrays.__annotations__ if name in TraceRows.__annotations__]
_OF_POSITIONS.remove("last_logits")


def _layer(rows: TraceRows, layer: int) -> LayerArrays:
    """The numbers of one layer; the shares alone have the layer in front."""
    numbers = {name: vars(rows)[name] for name in LayerArrays.__annotations__}
    cut = {name: a[layer] if name == "shares" else a[:, layer] for name, a in numbers.items()}
    return cast(LayerArrays, cut)


def _lens(loaded: LoadedModel, rows: TraceRows, tokens: list[int]) -> LensArrays:
    with torch.inference_mode():
        guess = layer_guesses(loaded.model, torch.from_numpy(rows.stream[tokens]))
    return {"lens_ids": guess.token_ids.numpy(), "lens_shares": guess.probabilities.numpy()}


def _pieces(loaded: LoadedModel, token_ids: Iterable[int]) -> dict[str, str]:
    return {str(i): _piece(loaded, i) for i in {*token_ids}}


@lru_cache(maxsize=20_000)
def _piece(loaded: LoadedModel, token_id: int) -> str:
    return loaded.tokenizer.pieces([token_id])[0]


@cache
def _shape(loaded: LoadedModel) -> ModelShape:
    config = loaded.config
    known = config.to_dict() | {
        "name": loaded.name,
        "parameters": loaded.n_parameters,
        "d_head": config.d_head,
        "most_tokens": loaded.most_tokens,
        "bias": config.bias is True,
    }
    return cast(ModelShape, {name: known[name] for name in ModelShape.__annotations__})


def append_to_text() -> None:
    """Append the token that the browser asks for: clicked, or drawn by temperature and top-p."""
    now, choice = reader(), st.session_state[KEY].append
    if isinstance(choice, dict) and choice.get("length") == len(now.token_ids):
        chosen = next_token(run(load(now.model_name), now.token_ids).last_logits, choice)
        st.session_state["more"] = ".".join(map(str, (*now.more, chosen)))
        st.session_state["token"] = ""


def _sentence(now: Reader, text: str) -> Sentence:
    return {
        "model": now.model_name,
        "text": text[:MAX_CHARACTERS],
        "more": ".".join(map(str, now.more)),
    }


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
        "sentence": _sentence(now, st.session_state["text"]),
        "noticed": bool(now.notices),
        "longest": MAX_CHARACTERS,
        "view": {
            "layer": None if now.chosen_layer is None else now.chosen_layer + 1,
            "head": None if now.chosen_head is None else now.chosen_head + 1,
            "token": now.token + 1,
            "step": st.session_state["step"],
            "temperature": within_range("temperature", st.session_state["temperature"]),
            "top_p": within_range("top_p", st.session_state["top_p"]),
        },
    }
    component(__file__)(
        key=KEY, data=data, on_append_change=append_to_text, on_typed_change=forget_the_rest
    )
