"""Python for the reader's browser: Pyodide's files, as npm installed them."""

from __future__ import annotations

import gzip
import json
import mimetypes
from functools import cache

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from ui.serving.address import base_path
from ui.serving.bundle import packed_response
from ui.serving.scripts import ROOT

FOLDER = ROOT / "node_modules" / "pyodide"
FILES = (
    "pyodide.mjs",
    "pyodide.asm.mjs",
    "pyodide.asm.wasm",
    "python_stdlib.zip",
    "pyodide-lock.json",
)
ADDRESS = "/app/static/python"  # below the app's own address


def python_address() -> str:
    """Where the browser finds them; "" where they were not installed, or not whole."""
    if not all((FOLDER / name).is_file() for name in FILES):
        return ""
    version = json.loads((FOLDER / "package.json").read_text("utf-8"))["version"]
    return f"{base_path()}{ADDRESS}/{version}/"


@cache
def packed(name: str) -> bytes:
    """A file as it travels: 6 of 13 MB in all."""
    return gzip.compress((FOLDER / name).read_bytes(), compresslevel=6)


def python_file(request: Request) -> Response:
    """One of the five, in a thread, since the first reader's have to be compressed."""
    name = request.path_params["name"]
    if name not in FILES or not request.url.path.startswith(python_address() or "-"):
        raise HTTPException(404)
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return packed_response(packed(name), kind, request.headers)
