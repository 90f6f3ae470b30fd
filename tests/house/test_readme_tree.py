"""README's tree and the disk agree: every file has its line, and every line its file.

A folder without lines of its own is one thing: its line stands for its files, each of which says
in its first line what it is.
"""

import ast
import re
from pathlib import Path

from tests.house.reading import ROOT, files, name, text, tree

ROOMS = ("app.py", "pages", "ui", "figures", "transformer_core")
SUFFIXES = {".py", ".js", ".ts", ".css", ".html"}
UNNAMED = {"__init__.py", "__main__.py"}
ARE_ONE_THING = re.compile(r"pages/\w+/\w+/|transformer_core/training/")
LINE = re.compile(r"(?P<indent> *)(?P<name>[\w.*]+/?)(?:  .*)?")
COMMENT = re.compile(r"// @ts-check\n(?://|/\*\*?) \w")


def drawn() -> set[str]:
    """The paths that the tree names; a folder's ends with a slash."""
    block = text(ROOT / "README.md").split("## What is where")[1].split("```")[1]
    found: set[str] = set()
    above: list[tuple[int, str]] = []
    for line in filter(str.strip, block.splitlines()):
        parts = LINE.fullmatch(line)
        assert parts, line
        indent = len(parts["indent"])
        above = [each for each in above if each[0] < indent]
        path = (above[-1][1] if above else "") + parts["name"]
        found.add(path)
        if path.endswith("/"):
            above.append((indent, path))
    return found


def on_disk() -> set[str]:
    paths = [path for room in ROOMS for path in [ROOT / room, *(ROOT / room).rglob("*")]]
    return {
        path.relative_to(ROOT).as_posix()
        for path in paths
        if path.is_file() and path.suffix in SUFFIXES and path.name not in UNNAMED
    }


def holds(line: str, file: str) -> bool:
    """Whether a line of the tree stands for a file."""
    if ARE_ONE_THING.fullmatch(line):
        return file.startswith(line)
    return file == line or (line.endswith(".*") and file.rsplit(".", 1)[0] == line[:-2])


def test_every_file_has_its_line():
    lines = drawn()
    assert not [file for file in on_disk() if not any(holds(line, file) for line in lines)]


def test_every_line_has_its_file():
    there = on_disk()
    lines = [line for line in drawn() if not (line.endswith("/") and (ROOT / line).is_dir())]
    assert not [line for line in lines if not any(holds(line, file) for file in there)]


def test_every_file_of_a_lesson_says_what_it_is():
    python = [*files("pages"), *files("transformer_core/training")]
    silent = [path for path in python if not ast.get_docstring(tree(path))]
    silent += [path for path in files("pages", ".js") if not COMMENT.match(text(path))]
    assert not [name(path) for path in silent]


def test_the_tree_is_read_as_it_is_drawn():
    lines = drawn()
    assert {"app.py", "ui/kit/format.js", "transformer_core/lens/depth.py", "ui/frame.*"} <= lines
    assert Path("pages/n1_forward_pass/attend/attend.py").as_posix() not in lines
    assert holds("pages/n1_forward_pass/attend/", "pages/n1_forward_pass/attend/attend.py")
    assert not holds("ui/", "ui/state.py")
    assert not holds("ui/frame.*", "ui/frames.py")
