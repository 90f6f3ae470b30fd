"""The server around the pages: a start that leaves nothing to the first visitor; fonts, scripts.

`streamlit run app.py` serves the `st.App` that `app.py` makes of `around`.
"""

import asyncio
import gc
import gzip
import logging
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from functools import cache
from typing import Any

from plotly.offline import get_plotlyjs
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from streamlit import App
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import get_instance
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.session_manager import SessionClient

from transformer_core.downloads import PACKAGE
from transformer_core.fast.memory import keep_freed_memory
from ui.known_models import REAL_MODEL, catalogue
from ui.models import ModelUnavailableError
from ui.serving import bundle, pyodide, scripts
from ui.serving.address import base_path

FONTS = scripts.ROOT / "assets" / "fonts"

FIRST_RUN_LIMIT = 60.0  # seconds


async def script(request: Request) -> Response:
    """A script or a style of ours; one of an older or newer server is not here."""
    name = request.path_params["name"]
    if not request.url.path.startswith(scripts.prefix()) or name not in scripts.files():
        raise HTTPException(404)
    kind = "text/css" if name.endswith(".css") else "text/javascript"
    return bundle.packed_response(scripts.packed(name), kind, request.headers)


@cache
def packed_plotly() -> bytes:
    """Plotly's script, 4.8 MB, as the 1.4 MB that travel."""
    return gzip.compress(get_plotlyjs().encode(), compresslevel=6)


async def plotly_script(request: Request) -> Response:
    """Plotly for the charts, from the installed package."""
    return bundle.packed_response(packed_plotly(), "text/javascript", request.headers)


def is_visited() -> bool:
    """Whether the entry file runs for a visitor, not for the server that imports it."""
    return get_script_run_ctx(suppress_warning=True) is not None


def around(
    routes: Sequence[Route],
    start: str,
    first_pass: Callable[[], None],
    first_question: Callable[[Mapping[str, str]], str],
) -> dict[str, Any]:
    """What `st.App` takes beside the entry file: all addresses, the warm start, the bundle.

    Streamlit serves an app's files only from a folder named `static` beside the entry file. Routes
    under the same address keep them where they belong, with nothing else in reach.

    Args:
        routes: where lessons answer boards that ask by themselves.
        start: the script of the start page's board.
        first_pass: what the start page shows first, made before anyone comes.
        first_question: where its board will ask for what the page's parameters name.
    """
    ours = [
        Mount(f"{base_path()}/app/static/fonts", StaticFiles(directory=FONTS)),
        Route(f"{base_path()}/app/static/scripts/{{version}}/{{name:path}}", script),
        Route(f"{base_path()}/{scripts.PLOTLY}", plotly_script),
        Route(f"{base_path()}{pyodide.ADDRESS}/{{version}}/{{name}}", pyodide.python_file),
    ]

    @asynccontextmanager
    async def warm_start(app: App) -> AsyncIterator[None]:
        await get_ready(start, first_pass)
        yield

    middleware = [Middleware(bundle.Bundle, start=start, question=first_question)]
    return {"lifespan": warm_start, "routes": [*ours, *routes], "middleware": middleware}


class _FirstVisitor(SessionClient):
    """A session without a browser that hears when its script run has ended."""

    def __init__(self) -> None:
        self.served = asyncio.Event()

    def write_forward_msg(self, msg: ForwardMsg) -> None:
        if msg.WhichOneof("type") == "script_finished":
            self.served.set()


async def run_entry_page() -> None:
    """Run `app.py` once, as a visitor of the start page would.

    It imports and loads all that the first page needs. It also tells Streamlit that the app
    has its own navigation; until then a deep link is answered with "Page not found".
    """
    runtime, visitor = get_instance(), _FirstVisitor()
    session = runtime.connect_session(visitor, user_info={})
    try:
        runtime.handle_backmsg(session, BackMsg(rerun_script=ClientState()))
        await asyncio.wait_for(visitor.served.wait(), FIRST_RUN_LIMIT)
    except TimeoutError:
        logging.getLogger(__name__).warning("The first run took over %.0f s", FIRST_RUN_LIMIT)
    finally:
        runtime.close_session(session)


async def get_ready(start: str, first_pass: Callable[[], None]) -> None:
    """Before the first visitor: run the entry page and its pass, then exempt all from collection.

    Collecting torch's and Plotly's objects again after every run would hold the interpreter for
    some 90 ms each time.
    """
    keep_freed_memory()
    if REAL_MODEL not in catalogue().offered:
        logging.getLogger(__name__).warning(
            "The real model is not here: %s is not installed. The Fable models are shown.", PACKAGE
        )
    bundle.compress_all(start)
    await run_entry_page()
    with suppress(ModelUnavailableError):
        first_pass()
    gc.collect()
    gc.freeze()
