"""A running app and a real browser.

`visit("attend?layer=2", size="phone", theme="dark")` opens the warm server in a tab of its own and
returns a `Visit`. When the test ends, each of its visits must have shown no exception and no
console error, and must have asked no other host. Its tabs are then emptied for the next test: a
tab that has shown the app before shows it with half the work, its scripts being compiled.
"""

import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.chromium import FLAGS, find_chromium
from tests.browser.visit import SIZES, Visit

ROOT = Path(__file__).parents[2]
FAILED = pytest.StashKey[bool]()  # of a test whose tabs are not used again
SEEN = "localStorage.setItem('forward-pass-seen', '1')"

expect.set_options(timeout=20_000)  # a busy machine takes its time


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def wait_until_healthy(server: str, process: subprocess.Popen[bytes], seconds: float = 90) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(f"{server}/_stcore/health", timeout=2).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    pytest.fail(f"the app did not become healthy within {seconds:.0f} s")


@contextmanager
def running_app(log: Path, folder: Path = ROOT) -> Iterator[str]:
    """The address of an app started just now from `folder`; its output goes to `log`."""
    port = free_port()
    arguments = ["--server.headless=true", "--server.address=127.0.0.1", f"--server.port={port}"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "app.py", *arguments],
            cwd=folder,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            wait_until_healthy(f"http://127.0.0.1:{port}", process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(timeout=20)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def warm_server(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an app that has already answered a visitor."""
    with running_app(tmp_path_factory.mktemp("app") / "log.txt") as server:
        page = browser.new_page()
        Visit(page, server).open()
        page.close()
        yield server


@pytest.fixture
def fresh_server(tmp_path: Path) -> Iterator[str]:
    """The address of an app that no visitor has seen yet."""
    with running_app(tmp_path / "log.txt") as server:
        yield server


@pytest.fixture(scope="session")
def empty_tabs() -> list[Page]:
    """Tabs, each with a context of its own, that no test uses at present."""
    return []


def new_tab(browser: Browser) -> Page:
    page = browser.new_context().new_page()
    page.add_init_script(SEEN)
    return page


@pytest.fixture
def visit_server(
    request: pytest.FixtureRequest, browser: Browser, empty_tabs: list[Page]
) -> Iterator[Callable[..., Visit]]:
    """`visit_server(server, path, size=, theme=, new=, motion=)` opens a tab of any server.

    A reader who is `new` is shown the first ten seconds; one who wants no `motion` sees each end at
    once, which saves a fifth of the browser's work.
    """
    visits: list[Visit] = []
    newcomers: list[Visit] = []

    def open_tab(
        server: str,
        path: str = "",
        size: str = "desktop",
        theme: str = "light",
        new: bool = False,
        motion: bool = False,
    ) -> Visit:
        if new:
            page = browser.new_context().new_page()
        else:
            page = empty_tabs.pop() if empty_tabs else new_tab(browser)
        width, height = SIZES[size]
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(
            color_scheme=theme, reduced_motion="no-preference" if motion else "reduce"
        )
        visits.append(Visit(page, server))
        if new:
            newcomers.append(visits[-1])
        visits[-1].open(path)
        return visits[-1]

    yield open_tab
    faults = [fault for visit in visits for fault in visit.faults]
    for visit in visits:
        if visit in newcomers or faults or FAILED in request.node.stash:
            visit.page.context.close()
        else:
            visit.leave()
            empty_tabs.append(visit.page)
    assert not faults


@pytest.fixture
def visit(visit_server: Callable[..., Visit], warm_server: str) -> Callable[..., Visit]:
    """`visit(path, size=, theme=, new=, motion=)` opens a tab of its own on the warm server."""
    return lambda path="", **settings: visit_server(warm_server, path, **settings)
