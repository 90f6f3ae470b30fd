"""Numbers that a board asks for by itself, at an address of its lesson's own, beside Streamlit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ui.models import ModelUnavailableError
from ui.serving.address import base_path

JSON = "application/json"
FOR_GOOD = {"Cache-Control": "public, max-age=31536000, immutable"}


@dataclass(frozen=True)
class Answer:
    """Bytes for a board, and whether a browser may keep them for good."""

    content: bytes
    keep: bool = False


def data_route(path: str, answer: Callable[[Mapping[str, str]], Answer]) -> Route:
    """`answer` is called with the address's parameters, in a thread, as a model may have to run."""

    def respond(request: Request) -> Response:
        try:
            made = answer({**request.query_params, **request.path_params})
        except ModelUnavailableError as error:
            raise HTTPException(404) from error
        # Named, the encoding is left alone: to compress would take longer than the pass.
        kept = FOR_GOOD if made.keep else {"Cache-Control": "no-store"}
        headers = kept | {"Content-Encoding": "identity"}
        return Response(made.content, media_type="application/octet-stream", headers=headers)

    return Route(f"{base_path()}{path}", respond)


def message_route(path: str, answer: Callable[[bytes | None], Answer], most_bytes: int) -> Route:
    """A board sends something that does not fit into an address.

    Only scripts of ours can send it, for it has to be called JSON, which a browser lets no page of
    another host do. `answer` is called in a thread, with None for a message of more than
    `most_bytes`, of which no more is read.
    """

    async def respond(request: Request) -> Response:
        if request.headers.get("content-type") != JSON:
            raise HTTPException(415)
        made = await run_in_threadpool(answer, await _body(request, most_bytes))
        headers = {"Cache-Control": "no-store", "Content-Encoding": "identity"}
        return Response(made.content, media_type="application/octet-stream", headers=headers)

    return Route(f"{base_path()}{path}", respond, methods=["POST"])


async def _body(request: Request, most_bytes: int) -> bytes | None:
    read = bytearray()
    async for part in request.stream():
        read += part
        if len(read) > most_bytes:
            return None
    return bytes(read)
