"""Numbers that a board asks for by itself, at an address of its lesson's own, beside Streamlit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ui.models import ModelUnavailableError
from ui.serving.address import base_path

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
