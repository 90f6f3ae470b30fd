"""One visitor's tab: where it looks, when it has come to rest, and what went wrong in it."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic, sleep

from playwright.sync_api import ConsoleMessage, Page, Request, Response

SIZES = {"desktop": (1440, 900), "projector": (1920, 1080), "phone": (390, 844)}
IDLE = '[data-testid="stApp"][data-test-script-state="notRunning"]'
OWN_HOST = re.compile(r"(https?|wss?)://(127\.0\.0\.1|localhost)[:/]|data:|blob:|about:")

# Resolves once the document has not changed for `quiet` milliseconds.
REST = """quiet => new Promise(done => {
  let timer;
  const watch = new MutationObserver(wait);
  function wait() {
    clearTimeout(timer);
    timer = setTimeout(() => { watch.disconnect(); done() }, quiet);
  }
  watch.observe(document.body, {subtree: true, childList: true, characterData: true});
  wait();
})"""


def eventually(check: Callable[[], bool], seconds: float = 20) -> bool:
    """Whether something becomes true that the browser may need a moment for."""
    deadline = monotonic() + seconds
    while not (true := check()) and monotonic() < deadline:
        sleep(0.05)
    return true


@dataclass
class Visit:
    """A page in a browser context of its own, with every fault it has shown so far."""

    page: Page
    server: str
    console_errors: list[str] = field(default_factory=list)
    foreign_requests: list[str] = field(default_factory=list)
    listening: list[tuple[str, Callable]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.on("console", self._console)
        self.on("pageerror", lambda error: self.console_errors.append(str(error)))
        self.on("response", self._response)
        self.on("request", self._request)

    def on(self, event: str, hear: Callable) -> None:
        """Hear of the tab's events, until the visitor leaves."""
        self.listening.append((event, hear))
        self.page.on(event, hear)

    def leave(self) -> None:
        """Empty the tab for another visit."""
        for event, hear in self.listening:
            self.page.remove_listener(event, hear)
        self.page.unroute_all(behavior="ignoreErrors")
        self.page.mouse.move(0, 0)
        self.page.evaluate("localStorage.clear()")
        self.page.goto("about:blank")

    def _console(self, message: ConsoleMessage) -> None:
        # A failed load is told by its response, which names the address.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.console_errors.append(message.text)

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            self.console_errors.append(f"{response.status} for {response.url}")

    def _request(self, request: Request) -> None:
        if not OWN_HOST.match(request.url):
            self.foreign_requests.append(request.url)

    def open(self, path: str = "") -> Page:
        """Go to an address of the app, such as `attend?layer=2`, and wait until it rests."""
        self.page.goto(f"{self.server}/{path}")
        self.settle()
        return self.page

    def settle(self, quiet_ms: int = 200) -> None:
        """Wait until the script is idle and the document has been quiet for a while."""
        self.page.wait_for_selector(IDLE, timeout=120_000)
        self.page.evaluate(REST, quiet_ms)
        self.page.wait_for_selector(IDLE, timeout=120_000)

    def open_fold(self) -> None:
        """Open what is for engineers."""
        self.page.locator(".st-key-for-engineers summary").first.click()
        self.settle()

    def answer(self, lesson: str, question: int, option: int) -> str:
        """Answer a question of a page's check, those before it first; what there is to be seen."""
        self.page.locator(f".st-key-{lesson}-check-{question}-{option} button").click()
        self.page.locator(f".st-key-{lesson}-check-{question}-look button").wait_for()
        self.settle()
        seen = self.page.locator("p", has_text="See it in the picture above")
        return seen.nth(question).inner_text()

    @property
    def faults(self) -> list[str]:
        """Exceptions shown, console errors and failed loads, requests to another host."""
        shown = self.page.locator('[data-testid="stException"]').all_inner_texts()
        return (
            [f"exception: {text}" for text in shown]
            + [f"console: {text}" for text in self.console_errors]
            + [f"asks another host: {url}" for url in self.foreign_requests]
        )
