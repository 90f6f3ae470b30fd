"""Whether a page can be read from a seat, and is not more text than one begins to read."""

from pathlib import Path

from playwright.sync_api import Page

LEAST = 14  # pixels of a text with letters, on a laptop
MOST = 120  # words of sentences on the first screen
LONGEST = 30  # words of a hint
SOURCE = Path(__file__).with_suffix(".js").read_text("utf-8").replace("export ", "")


def illegible(page: Page) -> list[str]:
    """Every text that is too small, and every one where there is too much."""
    found = page.evaluate(
        f"limits => {{ {SOURCE}; return shown(limits) }}", {"least": LEAST, "longest": LONGEST}
    )
    much = [f"{found['words']} words", *found["running"]] if found["words"] > MOST else []
    return found["small"] + much + [f"long hint: {hint}" for hint in found["hints"]]
