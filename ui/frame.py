"""What stands around every lesson: the sentence and the model; question, recap, way on.

`app.py` calls `open_frame` before it runs the page, so that the reader's state is held by widgets
of the app itself, which stay when the page changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from figures.theme import css_variables
from transformer_core.checkpoints import CheckpointError
from transformer_core.downloads import DOWNLOADS, Download, download
from ui.models import ModelUnavailableError, known_models
from ui.prose import quoted
from ui.state import DEFAULT_TEXT, EXAMPLES, MAX_CHARACTERS, PLACES, Reader, read_state


@cache
def _style() -> str:
    sheet = Path(__file__).with_suffix(".css").read_text("utf-8")
    return f"<style>:root {{{css_variables()}}}\n{sheet}</style>"


def open_frame(pages: Sequence[Any], text_runs: bool = True) -> None:
    """Style and sentence bar; then whatever has to be said about the reader's input.

    Args:
        pages: all of them, in the order of the syllabus.
        text_runs: whether a new sentence runs the app; the first screen asks for it by itself.
    """
    st.html(_style())
    st.session_state["lessons"] = {each.title: each for each in pages}
    asked_for = st.query_params.get("model", "")
    with st.container(key="frame", gap=None):
        with sentence_bar(text_runs):
            _sampled_tokens(asked_for)
        _notices(asked_for)


def _notices(model: str) -> None:
    try:
        now = _with_model(model)
    except ModelUnavailableError as error:
        st.error(str(error), icon=":material/error:")
        return
    if now.notices:
        st.caption("  \n".join(now.notices))


def _sampled_tokens(model: str) -> None:
    """How many follow the text, and a button that removes them."""
    try:
        now = _with_model(model)
    except ModelUnavailableError:
        return
    if now.more:
        sampled = quoted("".join(now.pieces[-len(now.more) :]))
        st.button(
            f"+ {len(now.more)} sampled",
            icon=":material/close:",
            icon_position="right",
            on_click=forget_the_rest,
            help=f"{sampled} was sampled and follows your text. Press to remove it.",
        )


def _with_model(model: str) -> Reader:
    """The reader's state with the model that the address names, also where it is not here."""
    return read_state({**_raw(), "model": model or _raw()["model"]}, _typed())


def sentence_bar(text_runs: bool) -> Any:
    """The reader's sentence and the model; beside them, unseen, the rest of the reader's state.

    Returns a place beside the text.
    """
    models = known_models()
    with st.container(key="sentence", horizontal=True, vertical_alignment="center", gap="small"):
        st.text_input(
            "Your sentence",
            DEFAULT_TEXT,
            key="text",
            bind="query-params",
            live="300ms",
            on_change=forget_the_rest if text_runs else "ignore",
            label_visibility="collapsed",
            placeholder="Type a sentence",
        )
        beside_text = st.empty()
        with st.popover("Examples", width="content"):
            for example in EXAMPLES:
                st.button(example, on_click=take_text, args=(example,), type="tertiary")
        st.segmented_control(
            "Model",
            list(models),
            default=next(iter(models)),
            format_func=lambda name: name.rsplit("/", 1)[-1],
            key="model",
            bind="query-params",
            required=True,
            label_visibility="collapsed",
        )
        _more_models([each for each in DOWNLOADS if each.repository not in models])
    with st.container(key="address"):
        for name in ("more", *PLACES):
            _address_input(name)
    return beside_text


def _more_models(offered: Sequence[Download]) -> None:
    """Models that can be had from Hugging Face: asked for by a person, with their size."""
    with st.popover("", icon=":material/add:", help="More models", width="content"):
        st.markdown("**More models**")
        st.caption(
            "The two Fable models came with the app. Others are fetched from huggingface.co when "
            "you press a button, and only then; GPT-2 and Llama models that are already in this "
            "machine's Hugging Face cache appear in the switch by themselves."
        )
        for each in offered:
            label = f"Download {each.repository} ({each.megabytes} MB, {each.licence})"
            if st.button(label, icon=":material/download:"):
                _fetch(each)


def _fetch(wanted: Download) -> None:
    try:
        with st.spinner(f"Fetching {wanted.megabytes} MB"):
            download(wanted.repository)
    except CheckpointError as error:
        st.error(str(error), icon=":material/error:")
    else:
        st.rerun()


def address_field(name: str) -> None:
    """A setting that only a component changes: it lives in the address and asks nothing.

    A lesson calls it for a setting of its own; the component writes with `remember(name, value)`,
    Python reads `st.session_state[name]`.
    """
    with st.container(key=f"field-{name}"):
        _address_input(name)


def _address_input(name: str) -> None:
    st.text_input(name, key=name, bind="query-params", on_change="ignore")


def take_text(example: str) -> None:
    """Make an example the reader's sentence: for a button's `on_click`."""
    st.session_state["text"] = example
    forget_the_rest()


def forget_the_rest() -> None:
    """Sampled tokens and the place looked at belong to the old sentence.

    Of a very long text only what is read stays: a server refuses addresses of 64 kB.
    """
    st.session_state["more"] = st.session_state["token"] = ""
    st.session_state["typed"] = len(st.session_state["text"])
    if st.session_state["typed"] > MAX_CHARACTERS:
        st.session_state["text"] = st.session_state["text"][:MAX_CHARACTERS]


def _typed() -> int:
    return st.session_state.get("typed", 0)


def _raw() -> dict[str, str]:
    return {name: st.session_state.get(name) or "" for name in ("text", "model", "more", *PLACES)}


def reader() -> Reader:
    """The reader's state as of now, also inside a fragment.

    Raises:
        ModelUnavailableError: where the chosen model cannot be loaded.
    """
    return read_state(_raw(), _typed())


def open_lesson(question: str, step: str, minutes: int, lead: str) -> Reader:
    """The lesson's question and first sentence; returns what the reader has chosen.

    Where the model cannot be loaded, the way to the other lessons is shown and the page ends.
    """
    with st.container(key="lesson-head", horizontal=True, vertical_alignment="bottom"):
        st.header(question, anchor=False, width="content")
        st.caption(f"{step} · {minutes} minutes", width="content")
    with st.container(key="lesson-lead"):
        st.markdown(lead)
    try:
        return reader()
    except ModelUnavailableError:
        way_on(step)
        st.stop()


def close_lesson(step: str, recap: Sequence[str]) -> None:
    """Three lines to keep, and the way to the neighbouring lessons."""
    with st.container(border=True, key="recap"):
        st.markdown("**In short**\n" + "".join(f"\n- {line}" for line in recap))
    way_on(step)


def way_on(step: str) -> None:
    """Links to the lessons before and after, in the order of the syllabus."""
    lessons = st.session_state["lessons"]
    titles = list(lessons)
    here = titles.index(step)
    with st.container(key="way-on", horizontal=True, horizontal_alignment="distribute"):
        if here > 0:
            back = titles[here - 1]
            st.page_link(lessons[back], label=back, icon=":material/arrow_back:")
        if here + 1 < len(titles):
            onward = titles[here + 1]
            st.page_link(
                lessons[onward],
                label=onward,
                icon=":material/arrow_forward:",
                icon_position="right",
            )
