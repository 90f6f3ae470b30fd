"""Streamlit's own scripts on their way to the browser: compressed, and all asked for at once.

Streamlit serves its bundle, about 3 MB on a first visit, uncompressed and from disk. And it names
only its core in the page: what an element is drawn with, the browser asks for once it has been told
to draw one.
"""

from __future__ import annotations

import gzip
import mimetypes
import re
from functools import cache
from pathlib import Path

import streamlit
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.serving.component import addresses, base_path

FOLDER = Path(streamlit.__file__).parent / "static"
FOR_GOOD = {"Cache-Control": "public, max-age=31536000, immutable"}
COMPRESSED = {".js", ".css"}  # fonts and pictures are so already

ELEMENTS = ("TextInput", "ButtonGroup", "BidiComponent", "PageLink", "Html")  # of every page
COMPONENT = "forward_pass"  # of the start page
FONT = "app/static/fonts/inter-latin.woff2"  # of nearly every word


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


@cache
def links() -> str:
    """The `Link` header of a page: what its browser fetches before it has met a need.

    Streamlit's core is named first, since browsers fetch in this order.
    """
    core = [name for name in named_in_page() if name.endswith(".js")]
    modules = [f"{base_path()}/{name}" for name in (*core, *needed_later())]
    modules += addresses(COMPONENT)
    entries = [f'<{each}>; rel="modulepreload"; crossorigin' for each in modules]
    font = f'<{base_path()}/{FONT}>; rel="preload"; as="font"; type="font/woff2"; crossorigin'
    return ", ".join((*entries, font))


def compress_all() -> None:
    """Compress what every first visit needs, so that no visitor waits for it."""
    for name in (*named_in_page(), *needed_later()):
        content(name)


class Bundle:
    """ASGI middleware that answers for the bundle; the pages that the app sends carry `links`."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or let the app answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        name = scope["path"].removeprefix(f"{base_path()}/")
        if scope["method"] == "GET" and name in files():
            await bundle_file(name, Headers(scope=scope))(scope, receive, send)
            return

        async def with_links(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith("text/html"):
                    headers["link"] = links()
            await send(message)

        await self.app(scope, receive, with_links)
