"""Scripts and styles on their way to the browser: native modules, as they lie on disk.

All stand under one prefix that holds a hash of all of them, by their paths in the project. So the
imports that stand in the files work as they are written, and a browser keeps each file for good.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import posixpath
import re
from functools import cache
from importlib.metadata import version as version_of
from pathlib import Path

from figures.theme import css_variables, template
from ui.serving.address import base_path
from ui.serving.joining import join

ROOT = Path(__file__).parents[2]
ROOMS = ("ui", "pages")
GENERATED = "ui/kit/served.js"  # what only the server knows; declared in served.d.ts
SHARED_STYLE = "ui/board.css"
WHOLE = ".whole.js"
PLOTLY = "app/static/plotly.js"

_IMPORT = re.compile(r'^(?:import|export)\b(?:[^"();=]*?\bfrom)?\s*"(\.[^"]+)"', re.MULTILINE)


@cache
def files() -> dict[str, str]:
    """Every script, and every board's style, by its path in the project."""
    found = {
        path.relative_to(ROOT).as_posix(): path.read_text("utf-8")
        for room in ROOMS
        for path in sorted((ROOT / room).rglob("*.js"))
    }
    boards = {Path(name).with_suffix(".css").as_posix() for name in found}
    styles = {name: _style(name) for name in boards if (ROOT / name).exists()}
    return {**found, **styles, GENERATED: _generated()}


def _style(name: str) -> str:
    """A variable per role (`var(--query)`), which follows the theme; the shared style; its own."""
    sheets = [(ROOT / sheet).read_text("utf-8") for sheet in (SHARED_STYLE, name)]
    return "\n".join((f":host {{{css_variables()} visibility: visible;}}", *sheets))


def _generated() -> str:
    plotly = f"{base_path()}/{PLOTLY}?v={version_of('plotly')}"
    look = json.dumps(template().to_plotly_json())
    return f"export const PLOTLY = {json.dumps(plotly)};\nexport const TEMPLATE = {look};\n"


@cache
def prefix() -> str:
    """The address that all of them stand below."""
    digest = hashlib.sha256()
    for name, text in sorted(files().items()):
        digest.update(f"{name}\0{text}\0".encode())
    return f"{base_path()}/app/static/scripts/{digest.hexdigest()[:16]}/"


@cache
def needed(name: str) -> tuple[str, ...]:
    """A script and all that it imports, directly or through others."""
    wanted = [name]
    for each in wanted:  # grows while it is read
        folder = posixpath.dirname(each)
        named = _IMPORT.findall(files()[each])
        paths = (posixpath.normpath(posixpath.join(folder, one)) for one in named)
        wanted += dict.fromkeys(path for path in paths if path not in wanted)
    return tuple(wanted)


def whole(name: str) -> str:
    """The name of a script joined with all that it imports.

    It lies beside the script, since what that imports later (`import()`) is named from there.
    """
    return name.removesuffix(".js") + WHOLE


@cache
def text(name: str) -> str | None:
    """What is sent by a name; None where there is no such file."""
    script = name.removesuffix(WHOLE) + ".js"
    if name.endswith(WHOLE) and script in files():
        return join(needed(script), files())
    return files().get(name)


@cache
def packed(name: str) -> bytes:
    """A file as it travels."""
    return gzip.compress((text(name) or "").encode(), compresslevel=6)
