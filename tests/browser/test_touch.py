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


EDGES = """async lane => {
  const at = async (width, left) => {
    lane.querySelector("svg").style.width = width;
    lane.scrollLeft = left;
    await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
    const {maskImage, maskPosition} = getComputedStyle(lane);
    return maskImage === "none" ? "none" : maskPosition.split(" ")[0];
  };
  return [await at("100px", 0), await at("2000px", 0), await at("2000px", 2000)];
}"""


def test_what_scrolls_sideways_fades_where_more_of_it_is(visit):
    """Nowhere without more; at the right before it is scrolled, at the left in the end."""
    page = visit("residual", size="phone").page
    expect(page.locator(".board:not([data-drawn])")).to_have_count(0)
    assert page.locator(".lane.sideways").evaluate(EDGES) == ["none", "-28px", "0px"]
