"""On a phone each control can be hit with a finger, and what has a meaning can be read.

Exempt are links in a sentence, as the line's height is the text's; cells of a dense map, each of
which arrow keys and a choice of layers and heads reach as well; and numbers in cells.
"""

from pathlib import Path

from playwright.sync_api import Page

from tests.browser.legible import SOURCE as LEGIBLE

TARGET = 24  # pixels (WCAG 2.2, 2.5.8)
LETTERS = 12  # pixels
TOUCH = Path(__file__).with_name("touch.js").read_text("utf-8").replace("export ", "")


def too_small(page: Page) -> list[str]:
    """Controls and words, by what they say."""
    targets = page.evaluate(f"least => {{ {TOUCH}; return narrow(least) }}", TARGET)
    limits = {"least": LETTERS, "longest": 1_000}
    read = page.evaluate(f"limits => {{ {LEGIBLE}; return shown(limits) }}", limits)
    return [
        *(f"small target: {each}" for each in targets),
        *(f"small text: {each}" for each in read["small"]),
    ]
