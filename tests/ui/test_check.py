"""Questions on a page: what an answer shows, and what the reader's browser may give back."""

from pathlib import Path

import pytest

from tests.lessons.test_lessons import LESSONS, said, visit
from ui.answers.check import Option, Question, Round

ATTEND = "pages/n1_forward_pass/attend/attend.py"
KEY = "attend-check"
CHECKED = [lesson for lesson in LESSONS if "at_a_glance" not in lesson and "experi" not in lesson]
PLACE = {"layer": "2"}


def ask():
    options = (Option("Yes", True, "So it is."), Option("No", False, "It seems so, but it is not."))
    return (
        Question("First", "Is it?", options, {"token": "2"}, "the second row"),
        Question("Second", "Is it so?", options),
    )


def asked() -> Round:
    return Round("subject", dict(PLACE), ask())


def kept(*answers, place=PLACE):
    return {"place": place, "answers": list(answers)}


def test_an_answer_shows_its_place_and_only_the_first_counts():
    current = asked()
    current.answer(0, 1)
    current.answer(0, 0)
    assert (current.right, current.answers, current.moment) == (0, {0: 0}, 2)
    assert (dict(current.show), current.look) == ({"token": "2"}, False)
    current.send(0)
    assert (current.moment, current.look) == (3, True)
    current.answer(1, 0)
    assert dict(current.show) == {}
    assert [each["chosen"] for each in current.given] == ["No", "Yes"]
    assert current.right == 1


def test_what_was_kept_is_taken_over_once():
    current = asked()
    current.restore(kept({"asked": "Is it so?", "chosen": "Yes"}), ask)
    assert (current.first, current.answers, current.right) == ({1: 0}, {1: 0}, 1)
    assert current.moment == 0  # the pictures stay where the reader has them
    current.restore(kept({"asked": "Is it?", "chosen": "Yes"}), ask)
    assert current.first == {1: 0}


@pytest.mark.parametrize(
    "odd",
    [
        None,
        7,
        "x",
        [],
        {},
        {"place": 1, "answers": []},
        {"place": {}, "answers": 3},
        {"place": PLACE, "answers": [None, 7, {}, {"asked": "Is it?", "chosen": "Perhaps"}]},
        {"place": PLACE, "answers": [{"asked": ["Is it?"], "chosen": {}}]},
        {"place": PLACE, "answers": [{"asked": "Another?", "chosen": "Yes"}]},
    ],
)
def test_whatever_a_browser_gives_back_is_no_error(odd):
    current = asked()
    current.restore(odd, ask)
    assert not current.first
    assert not current.answers
    assert not current.fresh


def test_the_page_shows_what_was_kept_and_a_new_round_is_empty(folders):
    app = visit(ATTEND)
    current = app.session_state[KEY]
    question = current.questions[0]
    right = next(option for option in question.options if option.right)
    answer = {"asked": question.text, "chosen": right.text}
    current.restore({"place": current.place, "answers": [answer]}, lambda: current.questions)
    app.run()
    assert not app.exception
    assert f"1 of {len(current.questions)} right at the first try" in said(app)
    assert right.why in app.success[0].value
    app.button(key=f"{KEY}-again").click().run()
    assert f"0 of {len(current.questions)} right" in said(app)
    assert not app.session_state[KEY].fresh


@pytest.mark.parametrize("lesson", CHECKED)
def test_each_wrong_answer_is_explained_by_itself_and_what_is_shown_is_said(folders, lesson):
    questions = visit(lesson).session_state[f"{Path(lesson).stem}-check"].questions
    for question in questions:
        (right,) = [option for option in question.options if option.right]
        wrong = [option for option in question.options if not option.right]
        assert not [option.text for option in wrong if option.why == right.why], question.title
        assert bool(question.show) == bool(question.see), question.title
