"""No serious fault that axe-core finds in either theme, and nothing too small or too long to read.

Every page, in one visit, and once more on a small laptop and a phone.
"""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.legible import illegible
from tests.browser.touch import too_small
from tests.browser.visit import SIZES
from tests.lessons.test_lessons import PAGES

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
FIND = """async more => (await axe.run(document,
    {resultTypes: ["violations"], preload: false, ...more})).violations
  .filter(({impact}) => impact === "serious" || impact === "critical")
  .flatMap(({id, nodes}) => nodes.map(({target, failureSummary}) =>
    `${id} at ${target.flat().join(" ")}: ${failureSummary.split("\\n").pop().trim()}`))"""

SMALL_LAPTOP = (1280, 720)
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}  # all that a theme changes


@pytest.mark.parametrize("lesson", [Path(page).stem for page in PAGES])
def test_nothing_serious_is_found_and_all_can_be_read(visit, lesson):
    opened = visit("" if lesson == "at_a_glance" else lesson)
    found = illegible(opened.page, is_reference=lesson in ("contents", "glossary"))
    opened.page.add_script_tag(path=AXE)
    found += [f"light: {each}" for each in opened.page.evaluate(FIND, {})]
    opened.page.emulate_media(color_scheme="dark")
    opened.settle()
    found += [f"dark: {each}" for each in opened.page.evaluate(FIND, COLOURS)]
    for width, height in (SMALL_LAPTOP, SIZES["phone"]):
        opened.page.set_viewport_size({"width": width, "height": height})
        opened.settle()
        expect(opened.page.locator(".board:not([data-drawn])")).to_have_count(0)
        wider = opened.page.get_by_test_id("stMain").evaluate("m => m.scrollWidth - m.clientWidth")
        found += [f"the page is {wider} pixels wider than a screen of {width}"] * (wider > 0)
    found += [f"phone: {each}" for each in too_small(opened.page)]
    assert not found, "\n".join(re.sub(r"\s+", " ", each) for each in found)
