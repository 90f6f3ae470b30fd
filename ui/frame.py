"""What stands around every lesson: the sentence and the model; question, recap, way on.

`open_frame` draws it before it runs the page, so that the reader's state is held by widgets
of the app itself, which stay when the page changes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit import Page

from figures.theme import css_variables
from ui.about_model import show_about_model
from ui.examples import EXAMPLES, first_text
from ui.glossary import show_marked
from ui.known_models import REAL_TITLE, catalogue
from ui.model_menu import show_model_menu
from ui.models import ModelUnavailableError
from ui.prose import quoted
from ui.serving.server import asked_for
from ui.state import MAX_CHARACTERS, PLACES, Reader, read_state

EXAMPLES_OPEN = "examples-menu"
DEEPER = "for-engineers"
PATH, ESSENTIALS = "path", "essentials"  # in the address: the short way through the lessons
HERE = "here"  # the page of the last run, by its title
EXPLAINED = "explained"  # terms of this page so far


@cache
def _style() -> str:
    sheet = Path(__file__).with_suffix(".css").read_text("utf-8")
    return f"<style>:root {{{css_variables()}}}\n{sheet}</style>"


@dataclass(frozen=True)
class Lesson:
    """One page: its file below `pages/`, and the question that it answers in so many minutes.

    `task`: what to do there on the short way through the essentials; `engineers`: it is for them.
    """

    file: str
    title: str
    question: str = ""
    minutes: int = 0
    task: str = ""
    engineers: bool = False


Parts = Mapping[str, Sequence[tuple[Lesson, Page]]]  # by name, in the order of the syllabus


def open_frame(parts: Parts) -> None:
    """Run the page that was asked for, within navigation, style and sentence bar.

    A new sentence runs the app; only the first screen asks for it by itself.
    """
    lessons = [each for part in parts.values() for each in part]
    here = st.navigation(_path_and_menus(parts), position="top")
    st.html(_style())
    st.session_state["parts"] = parts
    _follow_short_way(here)
    with st.container(key="frame", gap=None):
        with sentence_bar(text_runs=here != lessons[0][1]):
            _sampled_tokens()
        _notices()
        if st.session_state.get(PATH) == ESSENTIALS:
            _path_row(lessons, next(lesson for lesson, page in lessons if page == here))
    here.run()


def _path_and_menus(parts: Parts) -> dict[str, list[Page]]:
    """The part that is being read, page by page, after the first screen; a menu for each other."""
    pages = {part: [page for _, page in lessons] for part, lessons in parts.items()}
    everything = [page for part in pages.values() for page in part]
    start, here = everything[0], asked_for(everything)
    path = next(part for part in pages.values() if here in part)
    menus = {
        name: [page for page in part if page != start]
        for name, part in pages.items()
        if part is not path
    }
    return {"": [start, *(page for page in path if page != start)], **menus}


def _follow_short_way(here: Page) -> None:
    """A link to it counts where it leads: a field that stands already does not read the address."""
    come = st.session_state.get(HERE) not in (None, here.title)
    if come and st.query_params.get(PATH) == ESSENTIALS:
        st.session_state[PATH] = ESSENTIALS
    st.session_state[HERE] = here.title


def _leave_short_way() -> None:
    st.session_state[PATH] = ""


def _path_row(pages: Sequence[tuple[Lesson, Page]], here: Lesson) -> None:
    """Where the reader is on the short way, what to do there, and the way to the next page."""
    after = pages[[lesson for lesson, _ in pages].index(here) + 1 :]
    on_way = [each for each in pages if each[0].task]
    stops = [lesson for lesson, _ in on_way]
    ahead = [each for each in after if each[0].task] or on_way * (not here.task)
    with st.container(key="path-row", horizontal=True, vertical_alignment="center", gap="small"):
        place = f", {stops.index(here) + 1} of {len(stops)}" if here.task else ""
        st.markdown(f"**Essentials{place}**", width="content")
        st.markdown(here.task or "This page is not on the short way.", width="stretch")
        for lesson, page in ahead[:1]:
            icon = ":material/arrow_forward:"
            st.page_link(page, label=f"Next: {lesson.title}", icon=icon, icon_position="right")
        st.button(
            "Leave" if here != stops[-1] else "Done",
            key="leave-path",
            type="tertiary",
            on_click=_leave_short_way,
        )


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
            for name in ("model", "more", PATH, *PLACES):
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
    runs = name == PATH  # its row is Python's
    st.text_input(name, key=name, bind="query-params", on_change=None if runs else "ignore")


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


def lessons() -> dict[str, tuple[Lesson, Page]]:
    """Every page by its title, in the order of the syllabus."""
    parts: Parts = st.session_state["parts"]
    return {each[0].title: each for part in parts.values() for each in part}


def link_to(title: str, label: str, **address: str) -> None:
    """A way from one lesson to a place of another, inside a page."""
    icon = ":material/arrow_forward:"
    st.page_link(lessons()[title][1], label=label, icon=icon, query_params=address or None)


def way_on(title: str) -> None:
    """Links to the lessons before and after, in the order of the syllabus."""
    pages = {each: page for each, (_, page) in lessons().items()}
    here = list(pages).index(title)
    with st.container(key="way-on", horizontal=True, horizontal_alignment="distribute"):
        for each in list(pages)[max(0, here - 1) : here]:
            st.page_link(pages[each], label=each, icon=":material/arrow_back:")
        for each in list(pages)[here + 1 : here + 2]:
            icon = ":material/arrow_forward:"
            st.page_link(pages[each], label=each, icon=icon, icon_position="right")
