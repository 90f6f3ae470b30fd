"""README's tree and the disk agree: every file has its line, and every line its file."""

import re
from pathlib import Path

from tests.house.reading import ROOT

ROOMS = ("app.py", "pages", "ui", "figures", "transformer_core")
SUFFIXES = {".py", ".js", ".ts", ".css", ".html"}
UNNAMED = {"__init__.py", "__main__.py"}
NAME = re.compile(r"[\w.*]+/|[\w]+\.[\w.*]+")


def drawn() -> set[str]:
    """The paths that the tree names; `name.*` stands for all files of that name."""
    block = README.split("## What is where")[1].split("```")[1]
    found: set[str] = set()
    folders: list[tuple[int, str]] = []
    for line in filter(str.strip, block.splitlines()):
        indent = len(line) - len(line.lstrip())
        folders = [each for each in folders if each[0] < indent]
        here = "".join(folder for _, folder in folders)
        for column in re.split(r"\s{3,}", line.strip()):
            names = NAME.match(column)
            while names:
                if names[0].endswith("/"):
                    folders = [*folders, (indent, names[0])]
                    here += names[0]
                else:
                    found.add(here + names[0])
                column = column[names.end() :].lstrip(", ")
                names = NAME.match(column)
    return found


README = (ROOT / "README.md").read_text("utf-8")


def on_disk() -> set[str]:
    paths = [path for room in ROOMS for path in [ROOT / room, *(ROOT / room).rglob("*")]]
    return {
        path.relative_to(ROOT).as_posix()
        for path in paths
        if path.is_file() and path.suffix in SUFFIXES and path.name not in UNNAMED
    }


def test_every_line_has_its_file_and_every_file_its_line():
    named, there = drawn(), on_disk()
    stars = {each.removesuffix("*") for each in named if each.endswith(".*")}
    lines_without_file = {
        each
        for each in named
        if not (ROOT / each).is_file()
        and not (each.endswith(".*") and any(f.startswith(each[:-1]) for f in there))
    }
    files_without_line = {
        each
        for each in there
        if each not in named and not any(Path(each).with_suffix(".").as_posix() == s for s in stars)
    }
    assert not lines_without_file
    assert not files_without_line
