"""Questions that the reader can fail, made from the numbers of the reader's own run."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

import streamlit as st


@dataclass(frozen=True)
class Option:
    """One answer and what to say to the one who chooses it."""

    text: str
    right: bool
    why: str


@dataclass(frozen=True)
class Question:
    """Markdown throughout; the reader's own words in it must have gone through `prose.plain`."""

    title: str
    text: str
    options: tuple[Option, ...]


@dataclass
class _Round:
    """Questions stay as asked until the subject changes, wherever the reader looks meanwhile."""

    subject: Hashable
    questions: tuple[Question, ...]
    answers: dict[int, int] = field(default_factory=dict)  # what stands explained
    first: dict[int, int] = field(default_factory=dict)  # what counts

    def answer(self, question: int, option: int) -> None:
        """Show this option's explanation; only the first answer to a question counts."""
        self.answers[question] = option
        self.first.setdefault(question, option)


@st.fragment
def show_check(
    key: str,
    subject: Hashable,
    ask: Callable[[], tuple[Question, ...]],
    again: str = "Ask about what I am looking at",
) -> None:
    """Side by side, each answered by one click and explained; asked anew for another `subject`.

    `again` labels the button that asks anew, for where the reader has moved on meanwhile.
    """
    current: _Round | None = st.session_state.get(key)
    if current is None or current.subject != subject:
        current = st.session_state[key] = _Round(subject, ask())
    with st.container(horizontal=True, vertical_alignment="center", key=f"{key}-head"):
        st.subheader("Check yourself", anchor=False, width="content")
        right = sum(
            question.options[current.first[i]].right
            for i, question in enumerate(current.questions)
            if i in current.first
        )
        st.caption(f"{right} of {len(current.questions)} right at the first try", width="stretch")
        st.button(
            again,
            on_click=st.session_state.pop,
            args=(key,),
            icon=":material/refresh:",
            type="tertiary",
            key=f"{key}-again",
        )
    for column, (i, question) in zip(
        st.columns(len(current.questions)), enumerate(current.questions), strict=True
    ):
        with column.container(border=True, height="stretch"):
            _show(question, i, current, key)


def _show(question: Question, i: int, current: _Round, key: str) -> None:
    st.markdown(f"**{question.title}**")
    st.markdown(question.text)
    for j, option in enumerate(question.options):
        st.button(
            option.text,
            key=f"{key}-{i}-{j}",
            on_click=current.answer,
            args=(i, j),
            width="stretch",
            type="primary" if current.answers.get(i) == j else "secondary",
        )
    if i in current.answers:
        chosen = question.options[current.answers[i]]
        if chosen.right:
            st.success(chosen.why, icon=":material/check:")
        else:
            st.error(chosen.why, icon=":material/close:")
