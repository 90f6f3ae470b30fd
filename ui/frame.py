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
from ui.about_model import show_about_model
from ui.examples import EXAMPLES, first_text
from ui.glossary import show_marked
from ui.known_models import REAL_TITLE, catalogue
from ui.model_menu import show_model_menu
from ui.models import ModelUnavailableError
from ui.prose import quoted
from ui.state import MAX_CHARACTERS, PLACES, Reader, read_state

EXAMPLES_OPEN = "examples-menu"
EXPLAINED = "explained"  # terms of this page so far


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
    with st.container(key="frame", gap=None):
        with sentence_bar(text_runs):
            _sampled_tokens()
        _notices()


def _notices() -> None:
    try:
        now = reader()
    except ModelUnavailableError as error:
        st.error(str(error), icon=":material/error:")
        return
    if now.notices:
        st.caption("  \n".join(now.notices))


def _sampled_tokens() -> None:
    """How many follow the text, and a button that removes them."""
    try:
        now = reader()
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


def sentence_bar(text_runs: bool) -> Any:
    """The reader's sentence and the model; beside them, unseen, the rest of the reader's state.

    Returns a place beside the text.
    """
    with st.container(key="sentence", horizontal=True, vertical_alignment="center", gap="small"):
        st.text_input(
            "Your sentence",
            first_text(),
            key="text",
            bind="query-params",
            live="300ms",
            on_change=forget_the_rest if text_runs else "ignore",
            label_visibility="collapsed",
            placeholder="Type a sentence",
        )
        beside_text = st.empty()
        examples = st.popover("Examples", key=EXAMPLES_OPEN, on_change="rerun", width="content")
        if examples.open:
            with examples:
                _examples()
        with st.container(key="address"):
            for name in ("model", "more", *PLACES):
                _address_input(name)
        known = catalogue()
        show_about_model(known, show_model_menu(known))
    return beside_text


def _examples() -> None:
    with st.container(key="examples", gap=None):
        st.caption(f"Each line says what {REAL_TITLE} predicts. A percentage is a probability.")
        for example in EXAMPLES:
            st.button(example.text, on_click=take_text, args=(example.text,), type="tertiary")
            st.caption(example.look_for.replace(" %", "\u00a0%"))


def address_field(*names: str) -> None:
    """Settings that only a component changes: they live in the address and ask nothing.

    A lesson calls it for settings of its own; the component writes with `remember(name, value)`,
    Python reads `st.session_state[name]`.
    """
    with st.container(key=f"field-{names[0]}"):
        for name in names:
            _address_input(name)


def _address_input(name: str) -> None:
    st.text_input(name, key=name, bind="query-params", on_change="ignore")


def take_text(example: str) -> None:
    """Make an example the reader's sentence: for a button's `on_click`."""
    st.session_state["text"] = example
    st.session_state[EXAMPLES_OPEN] = False
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
        st.session_state[EXPLAINED] = show_marked(lead)
    try:
        return reader()
    except ModelUnavailableError:
        way_on(step)
        st.stop()


def close_lesson(step: str, recap: Sequence[str]) -> None:
    """Three lines to keep, and the way to the neighbouring lessons."""
    with st.container(border=True, key="recap"):
        lines = "".join(f"\n- {line}" for line in recap)
        show_marked(f"**In short**\n{lines}", st.session_state.get(EXPLAINED, ()))
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
