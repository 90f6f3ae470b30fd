"""Write it in the browser: lines are written and tested by the Python that runs there."""

import re

from playwright.sync_api import expect

from pages.n5_reference.write_it.exercises import exercises
from ui.serving.pyodide import ADDRESS

SENTENCE = "Tom had a red ball"


class Board:
    """By role, label or meaning."""

    def __init__(self, visit) -> None:
        self.page = visit.page
        self.root = self.page.locator(".st-key-write-board .board")
        self.code = self.root.get_by_role("textbox", name="Your Python code")
        self.run = self.root.get_by_role("button", name="Run the tests")
        self.verdict = self.root.get_by_role("status")
        self.tests = self.root.get_by_role("listitem")
        expect(self.tests).to_have_count(4)

    def try_out(self, code: str, said: str | re.Pattern) -> None:
        self.code.fill(code)
        self.run.click()
        expect(self.verdict).to_contain_text(said, timeout=90_000)


def test_a_line_is_written_and_all_that_can_go_wrong_is_told(visit):
    tab = visit(f"write_it?model=fable-classic&text={SENTENCE}")
    asked: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    board = Board(tab)
    attention, mask, *_ = exercises()
    expect(board.verdict).to_have_text("Not run yet.")
    assert not [url for url in asked if ADDRESS in url]

    board.run.click()
    expect(board.verdict).to_contain_text("The line is still missing", timeout=90_000)
    assert [url for url in asked if url.endswith("pyodide.asm.wasm")]

    board.code.click()
    board.page.keyboard.press("Control+End")
    for _ in range(2):  # over the three dots, which stand on the line before the last
        board.page.keyboard.press("ArrowUp")
    board.try_out(attention.solved, "All 4 tests are passed")
    expect(board.tests.last).to_contain_text("Your sentence: “ball”")

    board.try_out("def attention(q, k, v):\n    while True: pass", "took longer than 5 seconds")
    board.try_out("def attention(q, k, v)", "Line 1: SyntaxError")
    board.try_out(
        "def attention(q, k, v):\n    kept = []\n    while True: kept.append(bytearray(2**26))",
        "0 of 4 tests are passed",
    )
    expect(board.tests.first).to_contain_text("MemoryError")
    board.try_out(
        "import js\ndef attention(q, k, v):\n    return js.fetch('/')",
        re.compile("0 of 4|does not run"),
    )

    board.root.get_by_role("radio", name=mask.title).check()
    expect(board.tests).to_have_count(3)
    expect(board.code).to_have_value(mask.code)
    board.root.get_by_role("button", name="Show the line").click()
    expect(board.code).to_have_value(mask.solved)
    board.run.click()
    expect(board.verdict).to_contain_text("All 3 tests are passed", timeout=90_000)


def test_code_stays_in_the_browser_and_lines_keep_their_indentation(visit):
    board = Board(visit(f"write_it?model=fable-classic&text={SENTENCE}"))
    board.code.fill("def attention(q, k, v):")
    board.code.press("Enter")
    board.code.press_sequentially("return 1")
    expect(board.code).to_have_value("def attention(q, k, v):\n    return 1")
    board.page.reload()
    expect(board.code).to_have_value("def attention(q, k, v):\n    return 1")
    board.root.get_by_role("button", name="Start over").click()
    expect(board.code).to_have_value(exercises()[0].code)
    board.code.press("Escape")
    board.code.press("Tab")
    expect(board.run).to_be_focused()
