"""How long things may be."""

import ast

from tests.house.reading import CODE, ROOT, files, functions, name, text

FUNCTION, PARAMETERS = 40, 6
SCRIPT, COLUMNS = 400, 120
SHARED_FILES, SHARED_LINES = 15, 2_000


def test_functions_are_short():
    assert not [
        f"{name(path)}: {node.name} has {lines(node)} lines"
        for path in CODE
        for node in functions(path)
        if lines(node) > FUNCTION
    ]


def lines(node: ast.AST) -> int:
    return node.end_lineno - node.lineno + 1


def test_functions_take_few_parameters():
    assert not [
        f"{name(path)}: {node.name} takes {parameters(node)}"
        for path in CODE
        for node in functions(path)
        if parameters(node) > PARAMETERS
    ]


def parameters(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    return len([each for each in given if each.arg not in ("self", "cls")])


def test_scripts_are_short_and_narrow():
    scripts = [path for room in ("ui", "pages", "tests") for path in files(room, ".js")]
    assert not [name(path) for path in scripts if len(text(path).splitlines()) > SCRIPT]
    assert not [
        f"{name(path)}, line {i}"
        for path in scripts
        for i, line in enumerate(text(path).splitlines(), 1)
        if len(line) > COLUMNS
    ]


def test_what_lessons_share_is_little():
    shared = [path for path in (ROOT / "ui").iterdir() if path.suffix in (".py", ".js", ".html")]
    stems = {path.stem for path in shared if path.stem != "__init__"}
    assert len(stems) <= SHARED_FILES
    shared += (ROOT / "ui").glob("*.css")
    assert sum(len(text(path).splitlines()) for path in shared) <= SHARED_LINES
