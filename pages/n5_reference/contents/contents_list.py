"""What the Contents page lists: the short way with its tasks, then every page of every part."""

from __future__ import annotations

import streamlit as st
from streamlit import Page

from ui.navigation.course import ESSENTIALS, PATH, Lesson, Parts, lessons, link_to

HERE = "Contents"
EACH = 2  # minutes of a stop on the short way


def show_short_way() -> None:
    """How long it takes, where it leads, and a link that starts it."""
    stops = [title for title, (lesson, _) in lessons().items() if lesson.task]
    with st.container(border=True, key="short-way"):
        st.markdown(
            f"**Essentials in {EACH * len(stops)} minutes.** One thing to do on each of "
            f"{len(stops)} pages: {', '.join(stops[:-1])} and {stops[-1]}. A line under your "
            "sentence says what to do and leads to the next page."
        )
        link_to(stops[0], "Start", **{PATH: ESSENTIALS})


def show_pages() -> None:
    """Part by part, each page with a link."""
    with st.container(key="contents"):
        parts: Parts = st.session_state["parts"]
        for part, listed in parts.items():
            st.subheader(part, anchor=False)
            for lesson, page in listed:
                if lesson.title != HERE:
                    _show(lesson, page)


def _show(lesson: Lesson, page: Page) -> None:
    title, question, about = st.columns([2, 6, 3], vertical_alignment="center")
    title.page_link(page, label=f"**{lesson.title}**")
    question.markdown(lesson.question)
    reader = "engineers" if lesson.engineers else "newcomers"
    about.caption(f"for {reader}" + f" · {lesson.minutes} minutes" * bool(lesson.minutes))
