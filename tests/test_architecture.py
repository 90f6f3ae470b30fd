"""The rooms of the house: imports point downwards only, and what each room may not hold."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
STANDARD = set(sys.stdlib_module_names) - {"http", "socket", "urllib", "ftplib", "pickle", "random"}
MAY_IMPORT = {
    "app.py": {"streamlit", "ui"},
    "pages": {"streamlit", "ui", "figures", "transformer_core"},
    "ui": {
        *("ui", "figures", "transformer_core", "streamlit", "starlette", "plotly"),
        *("numpy", "torch", "orjson", "safetensors"),  # numbers are packed for the browser here
    },
    "figures": {"figures", "transformer_core", "plotly", "numpy"},
    "transformer_core": {
        *("transformer_core", "torch", "numpy", "tiktoken", "safetensors"),
        "scipy",  # scaling laws are fitted by its L-BFGS
        *("regex", "random"),  # tiktoken's pattern dialect; seeded draws of text to train on
        "huggingface_hub",  # imported when a person asks for a published model
    },
}
# Inside the core: the model knows nothing of what looks at it, counts it or trains it.
MODEL_MAY_NOT_IMPORT = {f"transformer_core.{part}" for part in ("lens", "laws", "training")}

HEX_COLOUR = re.compile(r"#(?:[0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})\b")
HOST = re.compile(r"(?:https?|wss?)://([\w.-]+)")
NAMED_IN_CITATIONS = {
    "127.0.0.1",
    "localhost",
    "aclanthology.org",
    "arxiv.org",
    "doi.org",
    "transformer-circuits.pub",
    "www.w3.org",
    "openaipublic.blob.core.windows.net",  # tiktoken names its cached files after this address
}


def files(room: str, *suffixes: str) -> list[Path]:
    path = ROOT / room
    if path.is_file():
        return [path]
    return sorted(f for f in path.rglob("*") if f.suffix in (suffixes or (".py",)))


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    """Each call in a file with its dotted name."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def imports(path: Path) -> Iterator[str]:
    """Full dotted names of all imports in a file, relative ones resolved, also inside functions."""
    package = path.relative_to(ROOT).parent.parts
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join([*above, *filter(None, [node.module])])
            yield from (f"{module}.{alias.name}" for alias in node.names)


CODE = [path for room in MAY_IMPORT for path in files(room)]
PAGES = files("pages")
EVERYTHING = [*CODE, *files("tests"), *files("benchmarks")]
each_file = pytest.mark.parametrize("path", CODE, ids=name)


@each_file
def test_imports_point_downwards(path):
    room = path.relative_to(ROOT).parts[0]
    foreign = {i for i in imports(path) if i.split(".")[0] not in MAY_IMPORT[room] | STANDARD}
    assert not foreign, f"{room} may import {sorted(MAY_IMPORT[room])}"


@pytest.mark.parametrize("path", sorted((ROOT / "transformer_core").glob("*.py")), ids=name)
def test_the_model_does_not_know_who_looks_at_it(path):
    assert not {i for i in imports(path) if ".".join(i.split(".")[:2]) in MODEL_MAY_NOT_IMPORT}


def test_laws_are_arithmetic_without_tensors():
    for path in files("transformer_core/laws"):
        assert "torch" not in {i.split(".")[0] for i in imports(path)}, name(path)


@each_file
def test_nothing_random_stands_for_data(path):
    if not name(path).startswith("transformer_core/"):
        assert not [called for called, _ in calls(path) if "rand" in called.lower()]


@each_file
def test_colours_stand_in_the_theme_only(path):
    # The curve in a model card is drawn outside the app, by a room that may not import the theme.
    if name(path) in ("figures/theme.py", "transformer_core/training/loss_curve.py"):
        assert any(HEX_COLOUR.search(line) for line in path.read_text("utf-8").splitlines())
        return
    strings = [n.value for n in ast.walk(tree(path)) if isinstance(n, ast.Constant)]
    assert not [s for s in strings if isinstance(s, str) and HEX_COLOUR.search(s)]


def test_components_take_their_colours_from_the_theme():
    for path in files("ui", ".js", ".html"):
        assert not HEX_COLOUR.findall(path.read_text(encoding="utf-8")), name(path)


@pytest.mark.parametrize("path", [*CODE, *files("ui", ".js", ".html", ".css")], ids=name)
def test_no_other_host_is_named(path):
    assert not set(HOST.findall(path.read_text(encoding="utf-8"))) - NAMED_IN_CITATIONS


@pytest.mark.parametrize("path", EVERYTHING, ids=name)
def test_nothing_is_unpickled(path):
    called = {called for called, _ in calls(path)}
    keywords = {keyword.arg for _, call in calls(path) for keyword in call.keywords}
    assert not {"torch.load", "torch.save"} & called
    assert "allow_pickle" not in keywords
    assert not {"pickle", "cPickle", "dill", "joblib"} & {i.split(".")[0] for i in imports(path)}


@each_file
def test_raw_html_is_a_constant(path):
    for _, call in calls(path):
        if "unsafe_allow_html" in {keyword.arg for keyword in call.keywords}:
            assert isinstance(call.args[0], ast.Constant), f"line {call.lineno}"


@pytest.mark.parametrize("path", EVERYTHING, ids=name)
def test_modules_are_named_after_their_concept(path):
    assert not {"utils", "util", "common", "helpers", "misc"} & {
        path.stem,
        *path.relative_to(ROOT).parts,
    }


def test_pages_stand_in_folders_under_names_of_their_own():
    assert PAGES
    assert not [name(path) for path in PAGES if path.parent == ROOT / "pages"]
    stems = [path.stem for path in PAGES]
    assert len(stems) == len(set(stems))


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_a_page_is_prose_controls_and_figures(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 140
    defined = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    assert not [node.name for node in ast.walk(tree(path)) if isinstance(node, defined)]
