"""On a phone each control can be hit with a finger, and what has a meaning can be read.

Exempt are links in a sentence, as the line's height is the text's; cells of a dense map, each of
which arrow keys and a choice of layers and heads reach as well; and numbers in cells.
"""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.legible import SOURCE as LEGIBLE
from tests.lessons.test_lessons import PAGES

TARGET = 24  # pixels (WCAG 2.2, 2.5.8)
LETTERS = 12  # pixels
TOUCH = Path(__file__).with_name("touch.js").read_text("utf-8").replace("export ", "")


@pytest.mark.parametrize("lesson", [Path(page).stem for page in PAGES])
def test_a_finger_hits_each_control_and_each_word_can_be_read(visit, lesson):
    page = visit("" if lesson == "at_a_glance" else lesson, size="phone").page
    expect(page.locator(".board:not([data-drawn])")).to_have_count(0)
    small = page.evaluate(f"least => {{ {TOUCH}; return narrow(least) }}", TARGET)
    limits = {"least": LETTERS, "longest": 1_000}
    read = page.evaluate(f"limits => {{ {LEGIBLE}; return shown(limits) }}", limits)
    found = [f"small target: {each}" for each in small]
    found += [f"small text: {each}" for each in read["small"]]
    assert not found, "\n".join(found)


def test_what_scrolls_sideways_fades_where_more_of_it_is(visit):
    """At the right before it is scrolled, at the left in the end, and nowhere without more."""
    page = visit("residual", size="phone").page
    lane = page.locator(".lane.sideways")
    wide, start = lane.evaluate(
        "lane => [lane.scrollWidth > lane.clientWidth, getComputedStyle(lane).maskPosition]"
    )
    end = lane.evaluate("""async lane => {
      lane.scrollLeft = lane.scrollWidth;
      await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
      return getComputedStyle(lane).maskPosition;
    }""")
    assert wide
    assert start.startswith("-28px")
    assert end.startswith("0px")
    page.set_viewport_size({"width": 2400, "height": 900})
    assert lane.evaluate("lane => getComputedStyle(lane).maskImage") == "none"
