"""What we use of Streamlit that is not its public interface, touch by touch.

If one of these fails after an upgrade, its message says what Streamlit has changed.
"""

import inspect
import re
from functools import cache
from pathlib import Path

import streamlit
from streamlit import Page
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import Runtime
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.session_manager import SessionClient

from ui.serving.bundle import ELEMENTS, FOLDER

ROOT = Path(__file__).parents[2]
FRAME = (ROOT / "ui" / "frame.css").read_text("utf-8")
ADDRESS = (ROOT / "ui" / "kit" / "address.js").read_text("utf-8")


@cache
def bundle() -> str:
    """All of Streamlit's own scripts."""
    scripts = (FOLDER / "static" / "js").glob("*.js")
    return "\n".join(path.read_text("utf-8") for path in scripts)


def parameters(function) -> set[str]:
    return set(inspect.signature(function).parameters)


def test_the_app_takes_a_lifespan_routes_and_middleware():
    changed = "st.App no longer takes what app.py gives it"
    assert {"lifespan", "routes", "middleware"} <= parameters(streamlit.App), changed


def test_a_visitor_without_a_browser_can_be_connected():
    """`run_entry_page` of ui/serving/server.py."""
    changed = "The runtime connects sessions in another way: the entry page cannot be run at start"
    assert {"client", "user_info"} <= parameters(Runtime.connect_session), changed
    assert {"session_id", "msg"} <= parameters(Runtime.handle_backmsg), changed
    assert "session_id" in parameters(Runtime.close_session), changed
    assert SessionClient.__abstractmethods__ == {"write_forward_msg"}, changed


def test_a_run_is_asked_for_and_told_by_these_messages():
    changed = "Streamlit's messages have other fields: the first run cannot be asked for or heard"
    kinds = ForwardMsg.DESCRIPTOR.oneofs_by_name["type"].fields
    assert "script_finished" in {field.name for field in kinds}, changed
    assert BackMsg(rerun_script=ClientState()).WhichOneof("type") == "rerun_script", changed


def test_outside_of_a_run_there_is_no_context():
    changed = "app.py can no longer tell a visitor's run from the server's import"
    assert "suppress_warning" in parameters(get_script_run_ctx), changed
    assert get_script_run_ctx(suppress_warning=True) is None, changed


def test_a_run_knows_the_page_it_is_for():
    changed = "Which page was asked for is told in another way: ui/serving/server.py, asked_for"
    pages = PagesManager(str(Path(__file__)))
    pages.set_script_intent("hash", "name")
    assert (pages.intended_page_script_hash, pages.intended_page_name) == ("hash", "name"), changed
    assert inspect.signature(Page).parameters["page"], changed
    assert isinstance(inspect.getattr_static(Page, "_script_hash"), property), changed


def test_the_page_and_its_scripts_lie_where_the_bundle_looks():
    changed = "Streamlit's files on disk are laid out in another way: nothing is compressed"
    index = (FOLDER / "index.html").read_text("utf-8")
    assert index.count("</head>") == 1, changed
    assert re.search(r"static/js/[\w.-]+\.js", index), changed
    for element in ELEMENTS:
        found = list((FOLDER / "static" / "js").glob(f"{element}.*.js"))
        assert found, f"Streamlit draws {element} by a script of another name"


def test_the_markup_that_the_frame_styles_is_still_drawn():
    for named in set(re.findall(r'data-testid="(\w+)"', FRAME + ADDRESS)):
        changed = f"Streamlit's markup has no {named} any more: ui/frame.css, ui/kit/address.js"
        assert named in bundle(), changed
    assert "rc-overflow" in bundle(), "The navigation is drawn by another library: ui/frame.css"


def test_an_element_with_a_key_carries_it_as_a_class():
    assert "st-key-" in ADDRESS
    changed = "A key no longer becomes a class st-key-…: ui/kit/address.js finds no field"
    assert "st-key-" in bundle(), changed


def test_a_page_can_be_told_where_its_server_is():
    changed = "window.__streamlit no longer names the server: deep links ask in vain at first"
    assert "window.__streamlit" in bundle(), changed
    assert "BACKEND_BASE_URL" in bundle(), changed
