"""Scripts as they lie on disk, at an address that changes with any of them."""

import asyncio
import gzip
from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.exceptions import HTTPException
from starlette.requests import Request

from ui.serving import scripts
from ui.serving.server import script

BOARD = "pages/n1_forward_pass/attend/attention_board.js"


def ask(path: str, name: str):
    headers = [(b"accept-encoding", b"gzip")]
    scope = {"type": "http", "path": path, "headers": headers, "path_params": {"name": name}}
    # In a thread of its own: where browser tests have run, this one has a running loop.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, script(Request(scope))).result()


@pytest.mark.parametrize("name", [BOARD, "ui/kit/format.js", "ui/kit/served.js"])
def test_a_script_arrives_as_it_is(name):
    answer = ask(f"{scripts.prefix()}{name}", name)
    assert gzip.decompress(answer.body).decode() == scripts.files()[name]
    assert answer.headers["content-type"].startswith("text/javascript")
    assert "immutable" in answer.headers["cache-control"]
    if name != "ui/kit/served.js":
        assert scripts.files()[name] == (scripts.ROOT / name).read_text("utf-8")


def test_a_style_knows_the_roles_and_what_boards_share():
    name = BOARD.replace(".js", ".css")
    answer = ask(f"{scripts.prefix()}{name}", name)
    style = gzip.decompress(answer.body).decode()
    assert answer.headers["content-type"].startswith("text/css")
    assert "--query:" in style
    for sheet in ("ui/board.css", name):
        assert (scripts.ROOT / sheet).read_text("utf-8") in style


@pytest.mark.parametrize("name", ["ui/models.py", "app.py", "../app.py", "", "ui/kit/none.js"])
def test_nothing_else_is_in_reach(name):
    with pytest.raises(HTTPException):
        ask(f"{scripts.prefix()}{name}", name)


def test_another_version_is_not_here():
    with pytest.raises(HTTPException):
        ask(f"/app/static/scripts/0000/{BOARD}", BOARD)


def test_the_address_changes_with_any_script(monkeypatch):
    before = scripts.prefix()
    changed = {**scripts.files(), "ui/kit/format.js": ""}
    monkeypatch.setattr(scripts, "files", lambda: changed)
    scripts.prefix.cache_clear()
    try:
        assert scripts.prefix() != before
    finally:
        scripts.prefix.cache_clear()


def test_a_script_is_needed_with_all_that_it_imports():
    wanted = scripts.needed(BOARD)
    assert wanted[0] == BOARD
    assert "ui/kit/elements.js" in wanted
    assert len(set(wanted)) == len(wanted)
    assert set(wanted) <= scripts.files().keys()
    every = [name for name in scripts.files() if name.endswith(".js")]
    assert all(set(scripts.needed(name)) <= set(every) for name in every)
