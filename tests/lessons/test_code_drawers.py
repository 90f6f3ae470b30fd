"""What a drawer shows as the code that ran has run: each page is opened under a tracer."""

import inspect
import sys
import threading
from collections.abc import Callable
from types import CodeType

import pytest

from tests.lessons.test_lessons import LESSONS, visit
from ui import code_drawer

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
    signature = inspect.signature(code_drawer.show_code)

    def show(*arguments, **named):
        given = signature.bind(*arguments, **named).arguments
        if not given.get("when"):
            found.append(given["function"])

    monkeypatch.setattr(code_drawer, "show_code", show)
    return found


def has_run(shown: Callable | type, ran: set[CodeType]) -> bool:
    """A function itself; of a class, a method of its own."""
    parts = vars(shown).values() if isinstance(shown, type) else [shown]
    codes = [getattr(inspect.unwrap(part), "__code__", None) for part in parts if callable(part)]
    return bool(ran.intersection(codes))


@pytest.mark.parametrize("lesson", LESSONS)
def test_what_a_drawer_shows_has_run(lesson, ran, shown):
    app = visit(lesson, text=TEXT)
    assert not app.exception
    assert not [each.__qualname__ for each in shown if not has_run(each, ran)]


def test_most_pages_show_code(shown):
    for lesson in LESSONS:
        assert not visit(lesson).exception
    assert len(shown) > 20
