"""Whether a page can be read from a seat, and is not more text than one begins to read."""

from pathlib import Path

from playwright.sync_api import Page

LEAST = 14  # pixels of a text with letters, on a laptop
MOST = 120  # words of sentences on the first screen
LONGEST = 30  # words of a hint
SOURCE = Path(__file__).with_suffix(".js").read_text("utf-8").replace("export ", "")


def illegible(page: Page, is_reference: bool) -> list[str]:
    """Texts that are too small or too long; a reference, which nobody reads in order, may be."""
    found = page.evaluate(
        f"limits => {{ {SOURCE}; return shown(limits) }}", {"least": LEAST, "longest": LONGEST}
    )
    is_much = found["words"] > MOST and not is_reference
    much = [f"{found['words']} words on the first screen:", *found["running"]] if is_much else []
    return found["small"] + much + [f"long hint: {hint}" for hint in found["hints"]]
