"""A script and all that it imports as one module, for a board that would ask for very many files.

No bundler: our scripts name what they import and export in a few forms at the beginning of a line
(`tests/ui/test_joining.py` holds them to it), import in one direction and share no living names. So
each becomes a function of its own, in the order in which they need each other.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping, Sequence

_NAMES = r"\x7b([^\x7d]*)\x7d"  # between braces
_IMPORT = re.compile(rf'^import (?:{_NAMES}|\* as (\w+)) from "(\.[^"]+)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?function|class|const) (\w+)", re.MULTILINE)
_DEFAULT = re.compile(r"^export default ", re.MULTILINE)
_NOTHING = re.compile(r"^export \x7b\x7d;\n", re.MULTILINE)
_LEFT = re.compile(r"^(?:import|export)\b[^(].*", re.MULTILINE)


def join(needed: Sequence[str], texts: Mapping[str, str]) -> str:
    """One module with the default export of the first of the scripts.

    Args:
        needed: paths of a script and of all that it imports, directly or through others.
        texts: what stands in each.

    Raises:
        ValueError: where a script imports or exports in a form that is not known here.
    """
    names = {path: f"module_{i}" for i, path in enumerate(needed)}
    scopes = [_scope(path, texts[path], names) for path in _in_order(needed, texts)]
    return "".join((*scopes, f"export default {names[needed[0]]}.fallback;\n"))


def _in_order(needed: Sequence[str], texts: Mapping[str, str]) -> list[str]:
    """Each after all that it imports."""
    ordered: dict[str, None] = {}

    def follow(path: str) -> None:
        if path not in ordered:
            for _, _, target in _IMPORT.findall(texts[path]):
                follow(_target(path, target))
            ordered[path] = None

    follow(needed[0])
    return list(ordered)


def _target(path: str, written: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), written))


def _scope(path: str, text: str, names: Mapping[str, str]) -> str:
    def bound(found: re.Match[str]) -> str:
        wanted, whole, target = found.groups()
        left = whole or f"{{{wanted.replace(' as ', ': ')}}}"
        return f"const {left} = {names[_target(path, target)]};\n"

    exported = [name for _, name in _EXPORT.findall(text)]
    body = _IMPORT.sub(bound, _NOTHING.sub("", text))
    body = _EXPORT.sub(r"\1 \2", body)
    body, defaults = _DEFAULT.subn("const fallback = ", body)
    if unknown := _LEFT.search(body):
        raise ValueError(f"{path} has `{unknown[0]}`, which cannot be joined")
    told = ", ".join(exported + ["fallback"] * defaults)
    return f"const {names[path]} = (() => {{\n{body}return {{ {told} }};\n}})();\n"
