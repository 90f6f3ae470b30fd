"""What Python and a board tell each other is described on both sides, and in the same words.

Each TypedDict of `pages/` and `ui/` has a `@typedef` of its name in a script of its folder.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.house.reading import ROOT, files, name, text, tree

PLAIN = {"str": "string", "int": "number", "float": "number", "bool": "boolean", "None": "null"}
TENSORS = {"Tensor", "np.ndarray"}
TYPEDEF = re.compile(r"@typedef\s*\{\{(.*?)\}\}\s*(\w+)", re.DOTALL)


def described_in_python() -> Iterator[tuple[Path, ast.ClassDef]]:
    for path in (*files("pages"), *files("ui")):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ClassDef) and "TypedDict" in map(ast.unparse, node.bases):
                yield path, node


def in_script_words(annotation: ast.expr) -> set[str]:
    """The alternatives of a Python annotation, as a script writes each."""
    if isinstance(annotation, ast.BinOp):
        return in_script_words(annotation.left) | in_script_words(annotation.right)
    written = ast.unparse(annotation)
    if not isinstance(annotation, ast.Subscript):
        return {PLAIN.get(written, written)}
    outer = ast.unparse(annotation.value)
    inner = annotation.slice
    parts = inner.elts if isinstance(inner, ast.Tuple) else [inner]
    if outer == "Literal":
        return {f'"{part.value}"' for part in parts}
    words = ["|".join(sorted(in_script_words(part))) for part in parts]
    if outer in ("list", "Sequence") or (outer == "tuple" and words[-1] == "..."):
        return {f"({words[0]})[]" if "|" in words[0] else f"{words[0]}[]"}
    if outer == "tuple":
        return {f"[{','.join(words)}]"}
    assert outer in ("dict", "Mapping"), written
    assert words[0] == "string", written
    return {f"Record<string,{words[1]}>"}


def fields_in_python(node: ast.ClassDef) -> dict[str, set[str]]:
    found = {}
    for field in node.body:
        if isinstance(field, ast.AnnAssign):
            annotation, label = field.annotation, ast.unparse(field.target)
            optional = isinstance(annotation, ast.Subscript) and (
                ast.unparse(annotation.value) == "NotRequired"
            )
            kind = annotation.slice if optional else annotation
            found[f"{label}?" if optional else label] = in_script_words(kind)
    return found


def alternatives(written: str) -> set[str]:
    """The parts of `A|B<C|D>` that stand outside of brackets."""
    return {sort_inside(each) for each in split(written, "|")}


def sort_inside(written: str) -> str:
    """With the alternatives inside brackets in the order of the alphabet."""
    return re.sub(
        r"(?<=[(<,\[])[^()<>\[\],]*\|[^()<>\[\],]*(?=[)>,\]])",
        lambda found: "|".join(sorted(found[0].split("|"))),
        written,
    )


def split(written: str, sign: str) -> list[str]:
    parts, depth = [""], 0
    for char in written:
        depth += (char in "([{<") - (char in ")]}>")
        if char == sign and depth == 0:
            parts.append("")
        else:
            parts[-1] += char
    return parts


def fields_in_script(body: str) -> dict[str, set[str]]:
    plain = re.sub(r"^\s*\*", "", body, flags=re.MULTILINE)
    fields = [
        each for each in split(re.sub(r"\s+", "", plain).replace("readonly", ""), ",") if each
    ]
    pairs = [each.split(":", 1) for each in fields]
    return {label: alternatives(kind) for label, kind in pairs}


def described_in_scripts(folder: Path) -> dict[str, dict[str, set[str]]]:
    return {
        title: fields_in_script(body)
        for path in folder.glob("*.js")
        for body, title in TYPEDEF.findall(text(path))
    }


def agree(python: set[str], script: set[str]) -> bool:
    if python <= TENSORS:
        return all(each.startswith("Tensor") for each in script)
    return python == script


def test_both_sides_agree():
    offenders = []
    for path, node in described_in_python():
        here = f"{name(path)}: {node.name}"
        other = described_in_scripts(path.parent).get(node.name)
        if other is None:
            offenders.append(f"{here} is not described in a script of its folder")
            continue
        own = fields_in_python(node)
        offenders += [
            f"{here}.{field}: {own.get(field)} and {other.get(field)}"
            for field in own.keys() ^ other.keys()
            | {f for f in own.keys() & other.keys() if not agree(own[f], other[f])}
        ]
    assert not offenders


def test_every_board_is_fed_with_what_is_described():
    """A board's Python module holds a description of what it sends."""
    describing = {path for path, _ in described_in_python()}
    mounting = [
        path
        for room in ("pages", "ui")
        for path in files(room)
        if "component(__file__" in text(path) and path != ROOT / "ui/serving/component.py"
    ]
    folders = {path.parent for path in describing}
    assert mounting
    assert not [name(path) for path in mounting if path.parent not in folders]


def test_the_comparison_sees_differences():
    python = ast.parse(
        "class A(TypedDict):\n a: int\n b: list[str | None]\n c: NotRequired[Literal['x', 'y']]\n"
        " d: dict[str, tuple[int, str]]\n e: Tensor"
    ).body[0]
    own = fields_in_python(python)
    script = (
        'a: number,\n * b: (string | null)[], c?: "y" | "x", d: Record<string, [number, string]>,'
    )
    other = fields_in_script(f"{script} e: Tensor<Int32Array>")
    assert own.keys() == other.keys()
    assert all(agree(own[field], other[field]) for field in own)
    assert not agree({"number"}, alternatives("number|null"))
    assert not agree(own["b"], alternatives("string[]"))
    assert "c" in fields_in_script('c: "x"')
