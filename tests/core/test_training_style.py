"""Training and records: short functions of few arguments, and nothing of training in the app."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("transformer_core/training", "transformer_core/records")
MOST_LINES, MOST_PARAMETERS = 40, 6


def functions(path: Path) -> Iterator[tuple[str, int, int]]:
    """Each with its place, its number of lines and of parameters but for self and cls."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef):
            names = [
                a.arg for a in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
            ]
            place = f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
            yield place, node.end_lineno - node.lineno + 1, len({*names} - {"self", "cls"})


def test_functions_are_short_and_take_few_arguments():
    found = [f for room in ROOMS for path in (ROOT / room).rglob("*.py") for f in functions(path)]
    assert len(found) > 200
    assert not [f for f in found if f[1] > MOST_LINES or f[2] > MOST_PARAMETERS]


def imported(path: Path) -> set[str]:
    """Absolute names of what a file imports, also inside functions, and of all packages of these."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path} imports relatively, which this test does not follow"
            found |= {str(node.module), *(f"{node.module}.{alias.name}" for alias in node.names)}
    parts = [name.split(".") for name in found]
    return {".".join(each[:n]) for each in parts for n in range(1, len(each) + 1)}


def file_of(module: str) -> Path | None:
    """The file of a module of this repository."""
    path = ROOT.joinpath(*module.split("."))
    return next((f for f in (path.with_suffix(".py"), path / "__init__.py") if f.is_file()), None)


def test_nothing_that_the_app_reaches_imports_the_trainer():
    starts = [
        ROOT / "app.py",
        *(f for room in ("pages", "ui", "figures") for f in (ROOT / room).rglob("*.py")),
    ]
    way = {path: path.name for path in starts}
    left, offenders = list(starts), []
    while left:
        path = left.pop()
        for module in imported(path):
            if module.split(".")[:2] == ["transformer_core", "training"]:
                offenders.append(f"{way[path]} > {module}")
            elif (file := file_of(module)) and file not in way:
                way[file] = f"{way[path]} > {module}"
                left.append(file)
    assert not offenders
    assert {"masks.py", "peeking.py", "result.py"} <= {path.name for path in way}


def test_the_image_leaves_the_trainer_out():
    """The last line of .dockerignore that fits a file decides."""
    lines = (ROOT / ".dockerignore").read_text("utf-8").split()
    assert lines.index("transformer_core/training") > lines.index("!transformer_core")
