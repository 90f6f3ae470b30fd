"""Streamlit's own scripts on their way to the browser: compressed, and all asked for at once.

Streamlit serves its bundle, about 3 MB on a first visit, uncompressed and from disk. And it names
only its core in the page: what an element is drawn with, the browser asks for once it has been told
to draw one.
"""

from __future__ import annotations

import gzip
import json
import mimetypes
import re
from collections.abc import Callable, Mapping
from functools import cache
from html import escape
from pathlib import Path

import streamlit
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.serving import scripts
from ui.serving.address import base_path
from ui.serving.data import FOR_GOOD

FOLDER = Path(streamlit.__file__).parent / "static"
COMPRESSED = {".js", ".css"}  # fonts and pictures are so already

FRAME = "ui/navigation/navigation.js"  # a board of every page
LATER = 'crossorigin fetchpriority="low"'  # Streamlit's core is needed before
ELEMENTS = ("TextInput", "BidiComponent", "PageLink", "Html")  # of every page
FONT = "app/static/fonts/inter-latin.woff2"  # of nearly every word
# Streamlit's page otherwise first looks for its server below the lesson's own address, in vain.
# It stands first in the head: behind a stylesheet a script waits for that.
BACKEND = "<script>window.__streamlit = {{BACKEND_BASE_URL: location.origin + {}}}</script>"


@cache
def files() -> dict[str, Path]:
    """The bundle's files by their addresses below the app's: `static/js/index.….js`."""
    found = (FOLDER / "static").rglob("*")
    return {path.relative_to(FOLDER).as_posix(): path for path in found if path.is_file()}


@cache
def content(name: str) -> bytes:
    """One file of the bundle, compressed where that helps."""
    path = files()[name]
    plain = path.read_bytes()
    return gzip.compress(plain, compresslevel=6) if path.suffix in COMPRESSED else plain


def bundle_file(name: str, asked: Headers) -> Response:
    """A file of the bundle; its name changes with its content, so a browser keeps it for good."""
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    if files()[name].suffix in COMPRESSED:
        return packed_response(content(name), kind, asked)
    return Response(content(name), media_type=kind, headers=FOR_GOOD)


def packed_response(packed: bytes, kind: str, asked: Headers) -> Response:
    """What is kept compressed and may be kept for good; plain for those who cannot unpack it."""
    headers = FOR_GOOD | {"Vary": "Accept-Encoding"}
    if "gzip" in asked.get("accept-encoding", ""):
        return Response(packed, media_type=kind, headers=headers | {"Content-Encoding": "gzip"})
    return Response(gzip.decompress(packed), media_type=kind, headers=headers)


@cache
def named_in_page() -> tuple[str, ...]:
    """What Streamlit's page itself asks for."""
    named = re.findall(r"static/[\w./-]+", (FOLDER / "index.html").read_text("utf-8"))
    return tuple(name for name in named if name in files())


@cache
def needed_later() -> tuple[str, ...]:
    """The scripts of `ELEMENTS`, and those that they import, beside what the page names."""
    wanted = [name for name in files() if re.match(rf"static/js/({'|'.join(ELEMENTS)})\.", name)]
    for name in wanted:  # grows while it is read
        imported = re.findall(r'from"\./([\w.-]+)"', files()[name].read_text("utf-8"))
        paths = (f"static/js/{each}" for each in imported)
        wanted += [path for path in paths if path not in (*wanted, *named_in_page())]
    return tuple(wanted)


def links(start: str = "", question: str = "") -> str:
    """What a page's browser is told before it has met a need, as elements of its head.

    They stand behind Streamlit's own, which come first since browsers fetch in this order. In a
    header of the answer they would be more than a proxy takes (nginx: 4 kB).

    Args:
        start: the script of the start page's board, on the start page.
        question: where that board will ask for its numbers.
    """
    boards = [FRAME, start] if start else [FRAME]
    needed = dict.fromkeys(name for board in boards for name in scripts.needed(board))
    modules = [f"{base_path()}/{name}" for name in needed_later()]
    modules += [f"{scripts.prefix()}{name}" for name in needed]
    fetched = [f"{scripts.prefix()}{board.removesuffix('.js')}.css" for board in boards]
    if question:
        fetched.append(question)
    font = f"{base_path()}/{FONT}"
    return "".join(
        (
            *(f'<link rel="modulepreload" {LATER} href="{each}">' for each in modules),
            *(f'<link rel="preload" as="fetch" crossorigin href="{escape(u)}">' for u in fetched),
            f'<link rel="preload" as="font" type="font/woff2" crossorigin href="{font}">',
        )
    )


def compress_all(start: str) -> None:
    """Compress what every first visit needs, so that no visitor waits for it."""
    for name in (*named_in_page(), *needed_later()):
        content(name)
    for board in (FRAME, start):
        for name in scripts.needed(board):
            scripts.packed(name)


class Bundle:
    """ASGI middleware that answers for the bundle; the pages that the app sends carry `links`."""

    def __init__(
        self, app: ASGIApp, start: str, question: Callable[[Mapping[str, str]], str]
    ) -> None:
        self.app = app
        self.start = start
        self.question = question

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or let the app answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        name = scope["path"].removeprefix(f"{base_path()}/")
        if scope["method"] == "GET" and name in files():
            await bundle_file(name, Headers(scope=scope))(scope, receive, send)
            return
        asked = Headers(scope=scope)
        if "text/html" not in asked.get("accept", ""):
            await self.app(scope, receive, send)
            return
        told = links()
        if not name:  # the start page
            question = await run_in_threadpool(self.question, dict(Request(scope).query_params))
            told = links(self.start, question)
        page = _Page(send, told, "gzip" in asked.get("accept-encoding", ""))
        plain = [(k, v) for k, v in scope["headers"] if k != b"accept-encoding"]
        await self.app({**scope, "headers": plain}, receive, page.send)


class _Page:
    """An answer on its way: where it is a page, it is held until it is whole, and gets its links.

    The names by which browsers ask whether a page has changed go, since they are of the page
    without its links.
    """

    def __init__(self, send: Send, links: str, compress: bool) -> None:
        self.pass_on = send
        self.links = links
        self.compress = compress
        self.begun: Message | None = None
        self.body = b""

    async def send(self, message: Message) -> None:
        """Hold what belongs to a page; pass on everything else."""
        if message["type"] == "http.response.start" and self._is_page(message):
            self.begun = message
        elif self.begun is None:
            await self.pass_on(message)
        else:
            self.body += message.get("body", b"")
            if not message.get("more_body"):
                await self._send_whole(self.begun)

    def _is_page(self, message: Message) -> bool:
        headers = Headers(raw=message["headers"])
        return message["status"] == 200 and headers.get("content-type", "").startswith("text/html")

    async def _send_whole(self, begun: Message) -> None:
        first = BACKEND.format(json.dumps(base_path()))
        body = self.body.replace(b"<head>", f"<head>{first}".encode(), 1)
        body = body.replace(b"</head>", f"{self.links}</head>".encode(), 1)
        headers = MutableHeaders(scope=begun)
        for name in ("etag", "last-modified"):
            del headers[name]
        if self.compress and self.body:
            body = gzip.compress(body, compresslevel=6)
            headers["content-encoding"] = "gzip"
        if self.body:  # not of a HEAD request
            headers["content-length"] = str(len(body))
        headers.add_vary_header("Accept-Encoding")
        await self.pass_on(begun)
        await self.pass_on({"type": "http.response.body", "body": body})
