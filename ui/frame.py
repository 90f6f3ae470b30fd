"""What stands around every lesson: the sentence and the model; question, fold, recap.

`open_frame` draws it before it runs the page, so that the reader's state is held by widgets
of the app itself, which stay when the page changes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
from ui.navigation.course import (
    ESSENTIALS,
    PATH,
    Parts,
    lessons,
    show_short_way_row,
    way_on,
)
from ui.navigation.navigation import show_navigation
from ui.prose import quoted
from ui.state import (
    MAX_CHARACTERS,
    PLACES,
    SETTINGS,
    Reader,
    change_settings,
    read_state,
    setting,
    settings_named,
    take_address,
)

EXAMPLES_OPEN = "examples-menu"
DEEPER = "for-engineers"
EXPLAINED = "explained"  # terms of this page so far


@cache
def _style() -> str:
    sheet = Path(__file__).with_suffix(".css").read_text("utf-8")
    return f"<style>:root {{{css_variables()}}}\n{sheet}</style>"


def open_frame(parts: Parts) -> None:
    """Run the page that was asked for, within navigation, style and sentence bar.

    A new sentence runs the app; only the first screen asks for it by itself.
    """
    lessons = [each for part in parts.values() for each in part]
    here = st.navigation([page for _, page in lessons], position="hidden")
    take_address()
    st.html(_style())
    st.session_state["parts"] = parts
    show_navigation(parts, here)
    with st.container(key="frame", gap=None):
        with sentence_bar(text_runs=here != lessons[0][1]):
            _sampled_tokens()
        _notices()
        if setting(PATH) == ESSENTIALS:
            show_short_way_row(lessons, next(lesson for lesson, page in lessons if page == here))
    here.run()


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
            st.text_input(SETTINGS, key=SETTINGS, on_change="ignore")
        known = catalogue()
        show_about_model(known, show_model_menu(known))
    return beside_text


def _examples() -> None:
    with st.container(key="examples", gap=None):
        st.caption(f"Each line says what {REAL_TITLE} predicts. A percentage is a probability.")
        for example in EXAMPLES:
            st.button(example.text, on_click=take_text, args=(example.text,), type="tertiary")
            st.caption(example.look_for.replace(" %", "\u00a0%"))


def take_text(example: str) -> None:
    """Make an example the reader's sentence: for a button's `on_click`."""
    st.session_state["text"] = example
    st.session_state[EXAMPLES_OPEN] = False
    forget_the_rest()


def forget_the_rest() -> None:
    """Sampled tokens and the place looked at belong to the old sentence.

    Of a very long text only what is read stays: a server refuses addresses of 64 kB.
    """
    change_settings({"more": "", "token": ""})
    st.session_state["typed"] = len(st.session_state["text"])
    if st.session_state["typed"] > MAX_CHARACTERS:
        st.session_state["text"] = st.session_state["text"][:MAX_CHARACTERS]


def _typed() -> int:
    return st.session_state.get("typed", 0)


def _raw() -> dict[str, str]:
    return {"text": st.session_state.get("text") or "", **settings_named("model", "more", *PLACES)}


def reader() -> Reader:
    """The reader's state as of now, also inside a fragment.

    Raises:
        ModelUnavailableError: where the chosen model cannot be loaded.
    """
    return read_state(_raw(), _typed())


def open_lesson(title: str, lead: str) -> Reader:
    """The lesson's question and first sentence; returns what the reader has chosen.

    Where the model cannot be loaded, the way to the other lessons is shown and the page ends.
    """
    lesson, _ = lessons()[title]
    with st.container(key="lesson-head", horizontal=True, vertical_alignment="bottom"):
        st.header(lesson.question, anchor=False, width="content")
        st.caption(f"{title} · {lesson.minutes} minutes", width="content")
    with st.container(key="lesson-lead"):
        st.session_state[EXPLAINED] = show_marked(lead)
    try:
        return reader()
    except ModelUnavailableError:
        way_on(title)
        st.stop()


@st.fragment
def for_engineers(contents: str, show: Callable[[], None]) -> None:
    """What goes deeper than the essentials, folded; computed and sent when it is opened.

    Args:
        contents: what is in it, in a few words.
        show: draws it; the code that ran is its last part.
    """
    label = f"**For engineers** · {contents}"
    fold = st.expander(label, key=DEEPER, on_change="rerun", icon=":material/engineering:")
    if fold.open:
        with fold:
            show()


def close_lesson(title: str, recap: Sequence[str]) -> None:
    """Three lines to keep, and the way to the neighbouring lessons."""
    with st.container(border=True, key="recap"):
        lines = "".join(f"\n- {line}" for line in recap)
        show_marked(f"**In short**\n{lines}", st.session_state.get(EXPLAINED, ()))
    way_on(title)
