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


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("lesson", [Path(lesson).stem for lesson in LESSONS])
def test_nothing_serious_is_found(visit, lesson, theme):
    page = visit("" if lesson == "at_a_glance" else lesson, theme=theme).page
    page.add_script_tag(path=AXE)
    found = page.evaluate(FIND)
    assert not [re.sub(r"\s+", " ", each) for each in found]
