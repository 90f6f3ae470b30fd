"""Which Chromium the browser tests use; `python -m tests.browser.chromium` tries to start it."""

import shutil

from playwright.sync_api import sync_playwright

NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find_chromium() -> str | None:
    """Path of the machine's own Chromium or Chrome; None: Playwright's download."""
    return next(filter(None, map(shutil.which, NAMES)), None)


if __name__ == "__main__":
    with sync_playwright() as play:
        play.chromium.launch(executable_path=find_chromium(), args=FLAGS).close()
