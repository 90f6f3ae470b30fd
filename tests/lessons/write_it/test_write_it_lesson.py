"""Write it: each exercise solved and unsolved, by the very harness that travels to the browser."""

import ast
import json
import sys

import pytest

from pages.n5_reference.write_it import harness
from pages.n5_reference.write_it.exercises import A_WORD, MISSING, drawn, exercises, trials
from pages.n5_reference.write_it.write_board import HARNESS, write_data
from pages.n5_reference.write_it.write_questions import write_questions
from tests.lessons.test_lessons import HOSTILE
from tests.real_model import real_model
from transformer_core.generation import Sampling, generate, next_logits
from ui.examples import CAPITAL, STORY
from ui.known_models import REAL_MODEL, SHIPPED
from ui.models import load
from ui.serving import pyodide
from ui.state import read_state

EACH = pytest.mark.parametrize("exercise", exercises(), ids=lambda each: each.name)


def run(code: str, function: str, tests: list) -> dict:
    return json.loads(harness.run_tests(code, function, json.dumps(tests)))


def outcome(exercise, code: str, model: str, text: str) -> dict:
    data = write_data(read_state({"text": text, "model": model}), "")
    (sent,) = [each for each in data["exercises"] if each["name"] == exercise.name]
    cases = [
        {"arguments": json.loads(t["arguments"]), "expected": json.loads(t["expected"])}
        for t in sent["tests"]
    ]
    return run(code, exercise.function, cases)


def all_passed(found: dict) -> bool:
    assert not found["error"]
    return all(each["passed"] for each in found["results"])


@EACH
@pytest.mark.parametrize("model", [*SHIPPED, pytest.param(REAL_MODEL, marks=real_model)])
def test_the_line_makes_the_function_that_of_the_model(exercise, model):
    for text in (CAPITAL, STORY, "Tom"):
        assert all_passed(outcome(exercise, exercise.solved, model, text)), text


@EACH
def test_without_the_line_no_exercise_is_solved(exercise):
    assert [line.strip() for line in exercise.code.splitlines()].count(MISSING) == 1
    found = outcome(exercise, exercise.code.replace(MISSING, "pass"), "fable-classic", STORY)
    assert not all_passed(found)


def test_odd_texts_are_cut_as_the_model_cuts_them():
    (merges,) = [each for each in exercises() if each.name == "merges"]
    for text in HOSTILE.values():
        assert all_passed(outcome(merges, merges.solved, "fable-classic", text or "a"))
    aim = trials(read_state({"text": "שלום 123", "model": "fable-classic"}))["merges"].aim
    assert A_WORD.strip() in aim


def test_the_token_drawn_is_one_that_the_model_may_draw():
    """With k = 1 it is the greedy one; with k = 10 each of the ten can come."""
    loaded = load("fable-classic")
    ids = loaded.tokenizer.encode(STORY)
    greedy = next(iter(generate(loaded.model, ids, Sampling(temperature=0), 1))).token_id
    logits = next_logits(loaded.model, ids)
    assert drawn(logits, 1.0, 1, 0.999) == greedy
    assert len({drawn(logits, 5.0, 10, u / 200) for u in range(200)}) == 10


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("def f(x)\n  return x", "Line 1: SyntaxError"),
        ("def f(x):\n    return y", "Line 2: NameError: name 'y' is not defined"),
        ("def f(x):\n    return f(x)", "Line 2: RecursionError"),
        ("def f(x):\n    raise SystemExit(3)", "Line 2: SystemExit: 3"),
        ("import sys\nsys.exit()", "Line 2: SystemExit"),
        ("def f(x):\n    return [0] * 10**18", "Line 2: MemoryError"),
        ("g = 1", "The code defines no function with the name f."),
        ("f = 3", "The code defines no function with the name f."),
        ("", "The code defines no function with the name f."),
        ("def f(x):\n    return '\x00'", "SyntaxError"),
    ],
)
def test_what_goes_wrong_is_told_with_its_line(code, said):
    found = run(code, "f", [{"arguments": [1], "expected": 1}])
    assert said in (found["error"] or found["results"][0]["error"])


def test_what_is_printed_and_returned_is_kept_short():
    found = run(
        "def f(x):\n    print('a' * 10**6)\n    return ['b' * 10**6]",
        "f",
        [{"arguments": [1], "expected": 1}],
    )
    assert len(found["printed"]) == harness.MOST_PRINTED
    assert len(found["results"][0]["got"]) < 200


@pytest.mark.parametrize(
    ("got", "expected", "same"),
    [
        ([1.0005, 2], [1, 2], True),
        ((1, 2), [1, 2], True),
        ([1, 2, 3], [1, 2], False),
        (None, [1], False),
        (float("nan"), 1, False),
        (1000.5, 1000, True),
        ("a", "a", True),
        (["a", "b"], ["ab"], False),
        ("12", [1, 2], False),
    ],
)
def test_numbers_are_equal_when_they_are_close(got, expected, same):
    assert harness.agrees(got, expected) is same


def test_the_harness_needs_nothing_but_python():
    tree = ast.parse(HARNESS.read_text("utf-8"))
    named = [n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)]
    named += [a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names]
    assert {each.split(".")[0] for each in named} <= set(sys.stdlib_module_names)


def test_a_question_has_one_right_answer_and_goes_to_its_exercise():
    names = [each.name for each in exercises()]
    assert [question.show["exercise"] for question in write_questions()] == names
    for question in write_questions():
        assert [option.right for option in question.options].count(True) == 1


def test_without_its_files_the_board_says_so_and_the_code_stays(tmp_path, monkeypatch):
    monkeypatch.setattr(pyodide, "FOLDER", tmp_path)
    data = write_data(read_state({"text": STORY, "model": "fable-classic"}), "")
    assert data["python"] == ""
    assert len(data["exercises"]) == 4
