"""Runs a reader's function on its tests: in the reader's browser by Pyodide, and in our own tests.

It stands on Python's standard library alone, since its text is what travels to the browser.
"""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Callable
from typing import Any

NAME = "<your code>"
CLOSE = 1e-3  # relative; the numbers of a model travel with six digits
MOST_PRINTED, MOST_SHOWN = 4_000, 160  # characters


class Limited(io.TextIOBase):
    """Keeps the beginning of what is printed."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> int:
        """As much of it as still fits."""
        self.text += text[: MOST_PRINTED - len(self.text)]
        return len(text)


def run_tests(code: str, function: str, tests: str) -> str:
    """What the code's function returns for each test.

    Args:
        code: defines the function.
        function: its name.
        tests: JSON, a list of {arguments, expected}.

    Returns:
        JSON: error ("" where the code itself runs), printed, and a result for each test.
    """
    printed = Limited()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        error, made = defined(code, function)
        results = [] if made is None else [tried(made, **each) for each in json.loads(tests)]
    return json.dumps({"error": error, "printed": printed.text, "results": results})


def defined(code: str, function: str) -> tuple[str, Callable[..., Any] | None]:
    """The function that the code defines, or why there is none."""
    space: dict[str, Any] = {"__name__": "__main__"}
    try:
        exec(compile(code, NAME, "exec"), space)
    except BaseException as error:  # whatever the code does, its reader is told
        return described(error), None
    made = space.get(function)
    if not callable(made):
        return f"The code defines no function with the name {function}.", None
    return "", made


def tried(function: Callable[..., Any], arguments: list[Any], expected: Any) -> dict[str, Any]:
    """One test: whether it is passed, what came back, or what went wrong."""
    try:
        got = function(*arguments)
        return {"passed": agrees(got, expected), "got": shown(got), "error": ""}
    except BaseException as error:  # as above
        return {"passed": False, "got": "", "error": described(error)}


def agrees(got: Any, expected: Any) -> bool:
    """The same shape, and each number close to its own."""
    if isinstance(expected, list):
        if not isinstance(got, list | tuple) or len(got) != len(expected):
            return False
        return all(agrees(a, b) for a, b in zip(got, expected, strict=True))
    if isinstance(expected, str) or not isinstance(got, int | float):
        return bool(got == expected)
    return bool(abs(got - expected) <= CLOSE * max(1.0, abs(expected)))


def shown(value: Any) -> str:
    """As Python writes it, numbers with four digits, not too long."""
    text = repr(rounded(value))
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]} …"


def rounded(value: Any) -> Any:
    """Numbers of four digits, in the lists that they stand in."""
    if isinstance(value, list | tuple):
        return [rounded(each) for each in value[:MOST_SHOWN]]
    return float(f"{value:.4g}") if isinstance(value, float) else value


def described(error: BaseException) -> str:
    """The kind of error, what it says, and the line of the reader's code where it arose."""
    line = getattr(error, "lineno", None) if isinstance(error, SyntaxError) else None
    at = error.__traceback__
    while at is not None:
        if at.tb_frame.f_code.co_filename == NAME:
            line = at.tb_lineno
        at = at.tb_next
    said = error.msg if isinstance(error, SyntaxError) else str(error)
    where = f"Line {line}: " if line else ""
    return f"{where}{type(error).__name__}{': ' if said else ''}{said}"[: 2 * MOST_SHOWN]
