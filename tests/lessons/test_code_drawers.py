"""What a drawer shows as the code that ran has run: each page is opened under a tracer.

The fold for engineers is open from the start, as the drawers stand in it.
"""

import inspect
import sys
import threading
from collections.abc import Callable
from types import CodeType

import pytest
from streamlit.testing.v1 import AppTest

from tests.lessons.test_lessons import LESSONS, at
from ui import code_drawer
from ui.frame import DEEPER

TEXT = "Tom had a red ball. Sue had a blue ball."


@pytest.fixture
def ran(folders):
    """The code that has been called since; nothing is known from before."""
    called: set[CodeType] = set()

    def note(frame, event, _):
        if event == "call":
            called.add(frame.f_code)

    threading.setprofile(note)
    sys.setprofile(note)
    yield called
    sys.setprofile(None)
    threading.setprofile(None)


@pytest.fixture
def shown(monkeypatch):
    """What a page's drawers show as run just now."""
    found = []

    def note(function, _, when):
        if not when:
            found.append(function)

    monkeypatch.setattr(code_drawer, "drawer", note)
    return found


def opened(lesson: str, **address: str) -> AppTest:
    """A page with its fold open."""
    app = at(lesson, **address)
    app.session_state[DEEPER] = True
    app.run()
    assert not app.exception
    return app


def has_run(shown: Callable | type, ran: set[CodeType]) -> bool:
    """A function itself; of a class, a method of its own."""
    parts = vars(shown).values() if isinstance(shown, type) else [shown]
    codes = [getattr(inspect.unwrap(part), "__code__", None) for part in parts if callable(part)]
    return bool(ran.intersection(codes))


@pytest.mark.parametrize("lesson", LESSONS)
def test_what_a_drawer_shows_has_run(lesson, ran, shown):
    opened(lesson, text=TEXT)
    assert not [each.__qualname__ for each in shown if not has_run(each, ran)]


def test_most_pages_show_code(shown):
    for lesson in LESSONS:
        opened(lesson)
    assert len(shown) > 20
