"""The first screen: a sentence's pass on its way to the component that draws it.

The component asks for the pass at an address of ours (`packed_pass`), beside Streamlit, which
would bring it later.
"""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from pages.n1_forward_pass.at_a_glance.next_token import next_token, within_range
from pages.n1_forward_pass.at_a_glance.pass_answers import packed_layer, packed_lens, packed_pass
from pages.n1_forward_pass.at_a_glance.pass_message import Sentence, Told
from pages.n1_forward_pass.at_a_glance.passes import run
from ui.examples import first_text
from ui.frame import forget_the_rest, reader
from ui.known_models import catalogue
from ui.models import ModelUnavailableError, is_loaded, load
from ui.serving.address import as_asked, base_path
from ui.serving.component import component
from ui.serving.data import Answer, data_route
from ui.state import MAX_CHARACTERS, Reader, change_settings, read_state, setting

KEY = "forward_pass"
PASSES = "/app/static/passes"  # below the app's own address


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


def append_to_text() -> None:
    """Append the token that the browser asks for: clicked, or drawn by temperature and top-p."""
    now, choice = reader(), st.session_state[KEY].append
    if isinstance(choice, dict) and choice.get("length") == len(now.token_ids):
        chosen = next_token(run(load(now.model_name), now.token_ids).last_logits, choice)
        change_settings({"more": ".".join(map(str, (*now.more, chosen))), "token": ""})


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
            "step": setting("step"),
            "temperature": within_range("temperature", setting("temperature")),
            "top_p": within_range("top_p", setting("top_p")),
        },
    }
    component(__file__)(
        key=KEY, data=data, on_append_change=append_to_text, on_typed_change=forget_the_rest
    )
