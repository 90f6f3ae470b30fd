"""The course: its pages in the order of the syllabus, the ways between them, the short way through.

`ui/frame.py` draws it around each page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st
from streamlit import Page

from ui.state import change_settings

PATH, ESSENTIALS = "path", "essentials"  # in the address: the short way through the lessons


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


def show_short_way_row(pages: Sequence[tuple[Lesson, Page]], here: Lesson) -> None:
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


def _leave_short_way() -> None:
    change_settings({PATH: ""})
