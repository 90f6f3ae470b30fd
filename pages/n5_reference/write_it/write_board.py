"""The board on which a reader writes a missing line, and runs the tests in the browser."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TypedDict

from pages.n5_reference.write_it.exercises import Exercise, Test, Trial, exercises, trials
from ui.serving.component import component
from ui.serving.pyodide import python_address
from ui.state import Reader

HARNESS = Path(__file__).with_name("harness.py")


class TestData(TypedDict):
    """A test as the board lists it; arguments and expected are JSON."""

    title: str
    arguments: str
    expected: str
    of_model: bool


class ExerciseData(TypedDict):
    """A function of which one line is missing; aim says what it computes of the reader's pass."""

    name: str
    title: str
    function: str
    task: str
    hint: str
    code: str
    line: str
    aim: str
    tests: list[TestData]


class WriteData(TypedDict):
    """python: where Python's files are, "" where there are none; harness: what runs the tests."""

    python: str
    harness: str
    shown: str
    exercises: list[ExerciseData]


def show_write_board(reader: Reader, shown: str) -> None:
    """`shown` is the exercise's name in the address."""
    component(__file__)(key="write-board", data=write_data(reader, shown))


def write_data(reader: Reader, shown: str) -> WriteData:
    """All exercises, with tests on the reader's pass."""
    made = trials(reader)
    return {
        "python": python_address(),
        "harness": HARNESS.read_text("utf-8"),
        "shown": shown,
        "exercises": [exercise_data(each, made[each.name]) for each in exercises()],
    }


def exercise_data(exercise: Exercise, trial: Trial) -> ExerciseData:
    """One exercise with what it is for."""
    return {
        "name": exercise.name,
        "title": exercise.title,
        "function": exercise.function,
        "task": exercise.task,
        "hint": exercise.hint,
        "code": exercise.code,
        "line": exercise.line,
        "aim": trial.aim,
        "tests": [test_data(test) for test in trial.tests],
    }


def test_data(test: Test) -> TestData:
    """With its values as JSON."""
    return {
        "title": test.title,
        "arguments": json.dumps(test.arguments),
        "expected": json.dumps(test.expected),
        "of_model": test.of_model,
    }
