"""The reader's answers: kept by the browser, given back, shown, saved as a file, erased."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypedDict

import streamlit as st

from ui.serving.component import component


class GivenAnswer(TypedDict):
    """The first answer to a question; both are counted from 0 and stand in full."""

    question: int
    option: int
    title: str
    asked: str
    chosen: str
    right: bool


class AnswersData(TypedDict):
    """A round for the browser to keep; `page` is empty where there are no questions.

    fresh: nothing was answered yet, so what was kept of such a round is wanted.
    show: where the pictures go, once for each `moment`.
    look: the reader wants to go there as well.
    """

    page: str
    about: str
    text: str
    model: str
    place: dict[str, str]
    size: int
    given: list[GivenAnswer]
    fresh: bool
    show: dict[str, str]
    look: bool
    moment: int


def mount_my_answers(
    key: str,
    forget: Callable[[], None],
    data: AnswersData | None = None,
    take: Callable[[object], None] = lambda kept: None,
) -> None:
    """A quiet button that opens the list of all answers.

    Args:
        key: of the component.
        forget: called when the reader has erased all.
        data: the round on this page; none where there are no questions.
        take: called with what the browser has kept of a fresh round: anything may be in it.
    """
    component(__file__)(
        key=key,
        data=data or NO_ROUND,
        on_kept_change=lambda: take(st.session_state[key].kept),
        on_erased_change=forget,
        width="content",
    )


NO_ROUND: AnswersData = {
    "page": "",
    "about": "",
    "text": "",
    "model": "",
    "place": {},
    "size": 0,
    "given": [],
    "fresh": False,
    "show": {},
    "look": False,
    "moment": 0,
}
