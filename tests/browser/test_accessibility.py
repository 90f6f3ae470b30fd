"""No serious fault that axe-core finds: contrast, roles, names. Every page, in both themes."""

import re
from pathlib import Path

import pytest

from tests.lessons.test_lessons import LESSONS

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
FIND = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations
  .filter(({impact}) => impact === "serious" || impact === "critical")
  .flatMap(({id, nodes}) => nodes.map(({target, failureSummary}) =>
    `${id} at ${target.flat().join(" ")}: ${failureSummary.split("\\n").pop().trim()}`))"""


@pytest.mark.parametrize("lesson", [Path(lesson).stem for lesson in LESSONS])
def test_nothing_serious_is_found(visit, lesson):
    opened = visit("" if lesson == "at_a_glance" else lesson)
    opened.page.add_script_tag(path=AXE)
    found = []
    for theme in ("light", "dark"):
        opened.page.emulate_media(color_scheme=theme)
        opened.settle()
        found += [f"{theme}: {each}" for each in opened.page.evaluate(FIND)]
    assert not [re.sub(r"\s+", " ", each) for each in found]
