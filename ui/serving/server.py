"""The server around the pages: a start that leaves nothing to the first visitor; fonts, scripts.

`streamlit run app.py` serves the `st.App` that `app.py` makes with `warm_start` and `ROUTES`.
"""

import asyncio
import gc
import gzip
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import cache

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
from streamlit.runtime.session_manager import SessionClient

from transformer_core.memory import keep_freed_memory
from ui import bundle, embedding_table, forward_pass
from ui.serving.bundle import FOR_GOOD
from ui.serving.component import HERE, base_path, module, version
from ui.models import ModelUnavailableError, load

ASSETS = HERE.parent / "assets"
SCRIPTS = {path.stem for path in HERE.glob("*.js")}

FIRST_RUN_LIMIT = 60.0  # seconds


async def component_module(request: Request) -> Response:
    """Script and style of a component; a browser keeps them while it is asked for this version."""
    name = request.path_params["name"]
    if name not in SCRIPTS:
        raise HTTPException(404)
    fresh = request.query_params.get("v") == version(name)
    headers = FOR_GOOD if fresh else {"Cache-Control": "no-cache"}
    return Response(module(name), media_type="text/javascript", headers=headers)


def embedding(request: Request) -> Response:
    """A model's embedding matrix; in a thread of its own, as the model may have to be loaded."""
    try:
        loaded = load(request.path_params["name"])
    except ModelUnavailableError as error:
        raise HTTPException(404) from error
    fresh = request.query_params.get("v") == embedding_table.version(loaded)
    return Response(
        embedding_table.packed_table(loaded),
        media_type="application/octet-stream",
        headers=FOR_GOOD if fresh else {"Cache-Control": "no-cache"},
    )


def sentence(request: Request) -> Response:
    """What the first screen shows of a sentence; in a thread, as the model has to run."""
    try:
        packed = forward_pass.packed_pass(request.query_params)
    except ModelUnavailableError as error:
        raise HTTPException(404) from error
    # Named, the encoding is left alone: to compress would take longer than the pass.
    headers = {"Cache-Control": "no-store", "Content-Encoding": "identity"}
    return Response(packed, media_type="application/octet-stream", headers=headers)


@cache
def packed_plotly() -> bytes:
    """Plotly's script, 4.8 MB, as the 1.4 MB that travel."""
    return gzip.compress(get_plotlyjs().encode(), compresslevel=6)


async def plotly_script(request: Request) -> Response:
    """Plotly for the charts, from the installed package."""
    return bundle.packed_response(packed_plotly(), "text/javascript", request.headers)


# Streamlit serves an app's files only from a folder named `static` beside the entry file. Routes
# of ours under the same address keep them in `assets/` and `ui/`, with nothing else in reach.
ROUTES = [
    Mount(f"{base_path()}/app/static/fonts", StaticFiles(directory=ASSETS / "fonts")),
    Route(f"{base_path()}/app/static/components/{{name}}.js", component_module),
    Route(f"{base_path()}/app/static/embeddings/{{name:path}}", embedding),
    Route(f"{base_path()}{forward_pass.PASSES}", sentence),
    Route(f"{base_path()}/app/static/plotly.js", plotly_script),
]
MIDDLEWARE = [Middleware(bundle.Bundle)]


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


@asynccontextmanager
async def warm_start(app: App) -> AsyncIterator[None]:
    """Before the first visitor: run the entry page and its pass, then exempt all from collection.

    Collecting torch's and Plotly's objects again after every run would hold the interpreter for
    some 90 ms each time.
    """
    keep_freed_memory()
    bundle.compress_all()
    await run_entry_page()
    with suppress(ModelUnavailableError):
        forward_pass.packed_pass({})
    gc.collect()
    gc.freeze()
    yield
