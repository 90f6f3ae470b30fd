"""What a drawer shows as the code that ran has run: each page is opened under a tracer."""

import inspect
import sys
import threading
from types import CodeType

import pytest

from tests.lessons.test_lessons import LESSONS, visit

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
    """The functions that a page's drawers have shown."""
    found = []
    read = inspect.getsourcelines

    def reading(function):
        found.append(function)
        return read(function)

    monkeypatch.setattr("ui.code_drawer.inspect.getsourcelines", reading)
    return found


@pytest.mark.parametrize("lesson", LESSONS)
def test_what_a_drawer_shows_has_run(lesson, ran, shown):
    app = visit(lesson, text=TEXT)
    assert not app.exception
    missing = [f.__qualname__ for f in shown if inspect.unwrap(f).__code__ not in ran]
    assert not missing
