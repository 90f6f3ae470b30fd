"""The rules of the scripts: whom they import, what they may name."""

import re
from pathlib import Path

from tests.house.reading import ROOT, files, name, text

IMPORT = re.compile(r'^(?:import|export)\b(?:[^"();=]*?\bfrom)?\s*"([^"]+)"', re.MULTILINE)
DYNAMIC = re.compile(r"\bimport\(\s*(?!\")")
STREAMLIT = re.compile(r"st-key|data-testid|\brc-\w+|\.st[A-Z]\w+")
# Its other module is Pyodide's, from the app's own address, which the server alone knows.
LOADS_PYTHON = "pages/n5_reference/write_it/python_worker.js"
NAMES_STREAMLIT = {"ui/kit/address.js", "ui/frame.css"}
PAGE = re.compile(r"\b(?:document|window)\b")
PROSE = re.compile(r"/\*.*?\*/|//[^\n]*|\"(?:[^\"\\\n]|\\.)*\"", re.DOTALL)  # comments and strings
KIT, GENERATED = ROOT / "ui" / "kit", ROOT / "ui" / "kit" / "served.js"
SCRIPTS = [path for room in ("ui", "pages") for path in files(room, ".js")]


def imported(path: Path) -> list[tuple[str, Path]]:
    named = IMPORT.findall(text(path))
    return [(each, (path.parent / each).resolve()) for each in named]


def test_imports_are_relative_and_end_in_the_own_folder_or_the_kit():
    offenders = [
        f"{name(path)}: {written}"
        for path in SCRIPTS
        for written, target in imported(path)
        if not written.startswith(".")
        or not (target.is_file() or target == GENERATED)
        or target.parent not in ({KIT} if path.parent == KIT else {KIT, path.parent})
    ]
    assert not offenders


def test_scripts_are_checked_and_of_our_own_address():
    assert not [name(path) for path in SCRIPTS if not text(path).startswith("// @ts-check")]
    assert [name(path) for path in SCRIPTS if DYNAMIC.search(text(path))] == [LOADS_PYTHON]


def test_scripts_import_in_one_direction():
    """No circles."""
    graph = {path: [target for _, target in imported(path)] for path in SCRIPTS}
    done: set[Path] = set()

    def follow(path: Path, way: tuple[Path, ...]) -> None:
        assert path not in way, " > ".join(name(each) for each in (*way, path))
        if path not in done:
            for target in graph.get(path, []):
                follow(target, (*way, path))
            done.add(path)

    for path in SCRIPTS:
        follow(path, ())


def test_streamlits_markup_is_named_in_two_places():
    styles = [path for room in ("ui", "pages") for path in files(room, ".css", ".html")]
    naming = {name(path) for path in (*SCRIPTS, *styles) if STREAMLIT.search(text(path))}
    assert naming == NAMES_STREAMLIT


def test_what_node_tests_knows_no_page():
    """Pure arithmetic: every module that a test of tests/js imports, and what that imports."""
    pure = [target for test in files("tests/js", ".js") for _, target in imported(test)]
    pure = [path for path in pure if path in SCRIPTS]
    for path in pure:  # grows while it is read
        pure += [target for _, target in imported(path) if target not in pure]
    assert pure
    offenders = {name(path) for path in pure if PAGE.search(PROSE.sub("", text(path)))}
    assert not offenders - {"ui/kit/elements.js"}


def test_nothing_grows_a_state():
    assert not [name(path) for path in SCRIPTS if "Object.assign(this" in text(path)]
