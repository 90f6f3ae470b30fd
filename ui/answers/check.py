"""Questions that the reader can fail, made from the numbers of the reader's own run.

An answer sends the page's pictures to what was asked about. The reader's browser keeps the answers;
the server knows them for as long as the visit lasts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from ui.answers.my_answers import AnswersData, GivenAnswer, mount_my_answers
from ui.frame import lessons, reader
from ui.state import PLACES, change_settings, settings_named

Ask = Callable[[], "tuple[Question, ...]"]


@dataclass(frozen=True)
class Option:
    """One answer and what to say to the one who chooses it."""

    text: str
    right: bool
    why: str


@dataclass(frozen=True)
class Question:
    """Markdown throughout; the reader's own words in it must have gone through `prose.plain`.

    show: settings of the address that the pictures go to when an answer is given.
    see: what is to be seen there.
    """

    title: str
    text: str
    options: tuple[Option, ...]
    show: Mapping[str, str] = field(default_factory=dict)
    see: str = ""


@dataclass
class Round:
    """Questions stay as asked until the subject changes, wherever the reader looks meanwhile."""

    subject: Hashable
    place: dict[str, str]  # settings of the address when they were asked
    questions: tuple[Question, ...]
    fresh: bool = True
    answers: dict[int, int] = field(default_factory=dict)  # what stands explained
    first: dict[int, int] = field(default_factory=dict)  # what counts
    show: Mapping[str, str] = field(default_factory=dict)
    look: bool = False
    moment: int = 0

    def answer(self, question: int, option: int) -> None:
        """Show this option's explanation; only the first answer to a question counts."""
        self.answers[question] = option
        self.first.setdefault(question, option)
        self.fresh = False
        self.send(question, look=False)

    def send(self, question: int, look: bool = True) -> None:
        """Send the pictures to what was asked about, and the reader to the pictures as well."""
        self.show, self.look = self.questions[question].show, look
        self.moment += 1

    def restore(self, kept: object, ask: Ask) -> None:
        """Take over what the browser has kept; it may send anything, so all of it is checked."""
        if not self.fresh:
            return
        self.fresh = False
        read = kept if isinstance(kept, Mapping) else {}
        place, answers = read.get("place"), read.get("answers")
        if not isinstance(place, Mapping) or not isinstance(answers, Sequence):
            return
        told = {name: str(place.get(name, ""))[:20] for name in self.place}
        if told != self.place:
            self.place = told
            with _looking_at(told):
                self.questions = ask()
        for each in answers:
            if isinstance(each, Mapping) and (found := self._known(each)):
                self.answers[found[0]] = self.first[found[0]] = found[1]

    def _known(self, answer: Mapping[str, Any]) -> tuple[int, int] | None:
        """Question and option, if this very question was asked."""
        for i, question in enumerate(self.questions):
            options = [option.text for option in question.options]
            if answer.get("asked") == question.text and answer.get("chosen") in options:
                return i, options.index(answer["chosen"])
        return None

    @property
    def right(self) -> int:
        """How many first answers are right."""
        return sum(self.questions[i].options[j].right for i, j in self.first.items())

    @property
    def given(self) -> list[GivenAnswer]:
        """The first answers in words."""
        return [
            {
                "question": i,
                "option": j,
                "title": self.questions[i].title,
                "asked": self.questions[i].text,
                "chosen": self.questions[i].options[j].text,
                "right": self.questions[i].options[j].right,
            }
            for i, j in self.first.items()
        ]


@contextmanager
def _looking_at(place: Mapping[str, str]) -> Iterator[None]:
    """The reader's place is another one meanwhile: in a widget's callback only."""
    now = settings_named(*place)
    change_settings(place)
    try:
        yield
    finally:
        change_settings(now)


@st.fragment
def show_check(
    key: str,
    subject: Hashable,
    ask: Ask,
    again: str = "Ask about what I am looking at",
    settings: Sequence[str] = PLACES,
) -> None:
    """Side by side, each answered by one click and explained; asked anew for another `subject`.

    Args:
        key: the name of the page's file and `-check`.
        subject: what the questions are about, the place left out.
        ask: makes the questions.
        again: labels the button that asks anew, for where the reader has moved on meanwhile.
        settings: of the address, which make the place that is asked about.
    """
    current: Round | None = st.session_state.get(key)
    if current is None or current.subject != subject:
        current = st.session_state[key] = Round(subject, settings_named(*settings), ask())
    with st.container(horizontal=True, vertical_alignment="center", key=f"{key}-head"):
        st.subheader("Check yourself", anchor=False, width="content")
        asked = len(current.questions)
        st.caption(f"{current.right} of {asked} right at the first try", width="content")
        kept = st.container(width="content")
        st.button(
            again,
            on_click=_ask_anew,
            args=(key, ask),
            icon=":material/refresh:",
            type="tertiary",
            key=f"{key}-again",
        )
    for column, (i, question) in zip(
        st.columns(len(current.questions)), enumerate(current.questions), strict=True
    ):
        with column.container(border=True, height="stretch"):
            _show(question, i, current, key)
    with kept:  # last, since a picture that is sent elsewhere may ask for a run of its own
        _show_answers(key, current, ask)


def _show(question: Question, i: int, current: Round, key: str) -> None:
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
        if question.see:
            st.markdown(f":material/visibility: **See it in the picture above:** {question.see}")
            st.button(
                "Go to the picture",
                icon=":material/arrow_upward:",
                type="tertiary",
                key=f"{key}-{i}-look",
                on_click=current.send,
                args=(i,),
            )


def _ask_anew(key: str, ask: Ask) -> None:
    was: Round = st.session_state[key]
    place = settings_named(*was.place)
    st.session_state[key] = Round(was.subject, place, ask(), fresh=False)


def show_my_answers() -> None:
    """All answers that this browser has kept, on a page without questions."""
    mount_my_answers("my-answers", forget=_forget)


def _title(key: str) -> str:
    file = key.removesuffix("-check")
    found = (title for title, (lesson, _) in lessons().items() if lesson.file.endswith(f"/{file}"))
    return next(found, file)


def _show_answers(key: str, current: Round, ask: Ask) -> None:
    now = reader()
    data: AnswersData = {
        "page": _title(key),
        "about": hashlib.sha256(repr(current.subject).encode()).hexdigest()[:16],
        "text": "".join(now.pieces),
        "model": now.model_name,
        "place": current.place,
        "size": len(current.questions),
        "given": current.given,
        "fresh": current.fresh,
        "show": dict(current.show),
        "look": current.look,
        "moment": current.moment,
    }
    mount_my_answers(f"{key}-answers", _forget, data, lambda kept: _take_kept(key, kept, ask))


def _take_kept(key: str, kept: object, ask: Ask) -> None:
    current = st.session_state.get(key)
    if isinstance(current, Round):
        current.restore(kept, ask)


def _forget() -> None:
    """The reader has erased all answers: those of this visit go, too."""
    for name, value in list(st.session_state.items()):
        if isinstance(value, Round):
            del st.session_state[name]
