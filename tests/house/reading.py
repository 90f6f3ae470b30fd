"""The project's own files as text and as syntax trees, for the rules of the house."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("app.py", "pages", "ui", "figures", "transformer_core")


def files(room: str, *suffixes: str) -> list[Path]:
    """The files of a room, Python's where no suffix is given."""
    path = ROOT / room
    if path.is_file():
        return [path]
    return sorted(f for f in path.rglob("*") if f.suffix in (suffixes or (".py",)))


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(text(path))


@cache
def calls(path: Path) -> list[tuple[str, ast.Call]]:
    """Each call in a file with its dotted name, which begins with a dot behind no plain name."""
    found = [node for node in ast.walk(tree(path)) if isinstance(node, ast.Call)]
    return [(_dotted(node.func), node) for node in found]


def _dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


@cache
def imports(path: Path) -> list[str]:
    """Full dotted names of all imports in a file, relative ones resolved, also inside functions."""
    package = path.relative_to(ROOT).parent.parts
    found: list[str] = []
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found += (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join([*above, *filter(None, [node.module])])
            found += (f"{module}.{alias.name}" for alias in node.names)
    return found


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def is_below(module: str, package: str) -> bool:
    return f"{module}.".startswith(f"{package}.")


CODE = [path for room in ROOMS for path in files(room)]
EVERYTHING = [*CODE, *files("tests"), *files("benchmarks")]
