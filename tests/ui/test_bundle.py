"""Streamlit's bundle as our middleware answers for it, asked as a server asks an ASGI app."""

import asyncio
import gzip
import re
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from pathlib import Path

import pytest
from starlette.responses import HTMLResponse, PlainTextResponse

from ui.serving import bundle, scripts
from ui.serving.bundle import (
    ELEMENTS,
    FOLDER,
    FRAME,
    Bundle,
    content,
    files,
    links,
    named_in_page,
    needed_later,
)

ROOT = Path(__file__).parents[2]


START = "ui/chart.js"
ASKED = "/app/static/passes?text=a&token=1"
PAGE = "<html><head></head><body></body></html>"


def question(parameters):
    return ASKED if parameters.get("text") == "a" else ""


async def app(scope, receive, send):
    if scope["path"].endswith(".txt"):
        await PlainTextResponse("from the app")(scope, receive, send)
    else:
        await HTMLResponse(PAGE, headers={"etag": "1", "last-modified": "2"})(scope, receive, send)


def ask(path: str, method: str = "GET", app=app, **headers: str):
    """Status, headers and body of an answer."""
    given = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": method, "path": path, "headers": given}
    scope["path"], _, query = path.partition("?")
    scope["query_string"] = query.encode()
    sent = []

    async def send(message):
        sent.append(message)

    # In a thread of its own: where browser tests have run, this one has a running loop.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, Bundle(app, START, question)(scope, None, send)).result()
    received = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], received, b"".join(part.get("body", b"") for part in sent[1:])


@pytest.mark.parametrize("kind", [".js", ".css", ".woff2"])
def test_every_file_of_the_page_arrives_as_it_is_on_the_disk(kind):
    names = [name for name in named_in_page() if name.endswith(kind)]
    assert names
    for name in names:
        status, headers, body = ask(f"/{name}", accept_encoding="gzip, br")
        assert status == 200
        assert "immutable" in headers["cache-control"]
        packed = headers.get("content-encoding") == "gzip"
        assert packed == (kind != ".woff2")
        assert (gzip.decompress(body) if packed else body) == (FOLDER / name).read_bytes()


def test_who_cannot_unpack_gets_it_plain_and_caches_know_it():
    name = next(name for name in named_in_page() if name.endswith(".js"))
    for accepted in ({}, {"accept_encoding": "br"}):
        _, headers, body = ask(f"/{name}", **accepted)
        assert "content-encoding" not in headers
        assert body == (FOLDER / name).read_bytes()
        assert headers["vary"] == "Accept-Encoding"
        assert headers["content-type"].startswith("text/javascript")


@pytest.mark.parametrize(
    "path",
    ["/static/js/none.js", "/static/../index.html", "/static/js/../../index.html", "/", "//"],
)
def test_whatever_is_no_file_of_the_bundle_is_left_to_the_app(path):
    assert ask(path)[2].startswith(b"<html>")


def test_other_methods_are_left_to_the_app():
    assert ask(f"/{named_in_page()[0]}", "POST")[2].startswith(b"<html>")


def test_below_a_path_of_its_own(monkeypatch):
    monkeypatch.setattr(bundle, "base_path", lambda: "/school")
    name = named_in_page()[0]
    assert not ask(f"/school/{name}")[2].startswith(b"<html>")
    assert ask(f"/{name}")[2].startswith(b"<html>")


def page_with(told: str) -> bytes:
    """Streamlit's page as it is sent: told first where its server is, last what to fetch."""
    first = '<script>window.__streamlit = {BACKEND_BASE_URL: location.origin + ""}</script>'
    return PAGE.replace("<head></head>", f"<head>{first}{told}</head>").encode()


def announced_in(told: str) -> list[str]:
    return [unescape(each) for each in re.findall(r'href="([^"]+)"', told)]


def test_pages_announce_what_every_page_needs_behind_the_core():
    _, headers, body = ask("/attend", accept="text/html,*/*")
    assert body == page_with(links())
    assert headers["content-length"] == str(len(body))
    announced = announced_in(links())
    assert len(set(announced)) == len(announced)
    *fetched, font = announced
    ours = [*scripts.needed(FRAME), FRAME.replace(".js", ".css")]
    assert [each for each in fetched if each[1:] not in files()] == [
        scripts.prefix() + each for each in ours
    ]
    assert f'url = "{font[1:]}"' in (ROOT / ".streamlit" / "config.toml").read_text("utf-8")
    assert ask("/notes.txt")[2] == b"from the app"


def test_the_start_page_announces_its_board_and_what_that_will_ask():
    _, _, body = ask("/?text=a", accept="text/html")
    assert body == page_with(links(START, ASKED))
    more = [each for each in announced_in(links(START, ASKED)) if each not in announced_in(links())]
    *modules, style, question = more
    assert {each.removeprefix(scripts.prefix()) for each in modules} == {*scripts.needed(START)} - {
        *scripts.needed(FRAME)
    }
    assert style.removeprefix(scripts.prefix()) in scripts.files()
    assert question == ASKED
    _, _, body = ask("/?text=b", accept="text/html")
    assert body == page_with(links(START))


def test_a_page_with_links_is_not_taken_for_the_one_without():
    _, headers, _ = ask("/attend", accept="text/html")
    assert not {"etag", "last-modified"} & headers.keys()


def test_a_page_travels_compressed_to_those_who_can_unpack_it():
    _, headers, body = ask("/attend", accept="text/html", accept_encoding="gzip")
    assert headers["content-encoding"] == "gzip"
    assert headers["content-length"] == str(len(body))
    assert headers["vary"] == "Accept-Encoding"
    assert gzip.decompress(body) == ask("/attend", accept="text/html")[2]


def test_an_answer_without_a_body_stays_without():
    async def head(scope, receive, send):
        start = [(b"content-type", b"text/html"), (b"content-length", b"99")]
        await send({"type": "http.response.start", "status": 200, "headers": start})
        await send({"type": "http.response.body", "body": b""})

    _, headers, body = ask("/", "HEAD", app=head, accept="text/html")
    assert body == b""
    assert headers["content-length"] == "99"


def test_a_needed_script_comes_with_all_that_it_imports():
    for element in ELEMENTS:
        assert any(name.startswith(f"static/js/{element}.") for name in needed_later())
    for name in needed_later():
        for other in files():
            if f'from"./{other.removeprefix("static/js/")}"' in files()[name].read_text("utf-8"):
                assert other in (*needed_later(), *named_in_page())


def test_what_is_sent_is_far_smaller():
    names = [name for name in named_in_page() if name.endswith(".js")]
    assert 3 * sum(len(content(name)) for name in names) < sum(
        files()[name].stat().st_size for name in names
    )
