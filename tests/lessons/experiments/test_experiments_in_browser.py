"""Experiments: a card opens one, the address holds it, names pick curves out."""

import json
import re
from itertools import pairwise

from playwright.sync_api import expect

from pages.n4_scale.experiments.experiment_list import FOLDER
from pages.n4_scale.experiments.experiment_words import title_of
from tests.browser.visit import SIZES
from tests.lessons.at_a_glance.first_screen import COUNT_MESSAGES

RECORDS = {path.stem: json.loads(path.read_text("utf-8")) for path in FOLDER.glob("*.json")}
SHOWN = "emergence"  # two figures of four curves each
OPACITIES = "plot => plot.data.map(curve => curve.opacity)"


class Page:
    """The list and the experiment below it, by role or meaning."""

    def __init__(self, visit) -> None:
        self.visit, self.page = visit, visit.page
        self.list = self.page.get_by_role("navigation", name="Experiments")
        self.title = self.page.locator(".st-key-experiment-outcome").get_by_role("heading")
        saving = self.page.get_by_role("button", name="save SVG")
        self.curves = self.page.locator(".board", has=saving)
        expect(self.list.get_by_role("link").first).to_be_visible()

    def plot(self):
        expect(self.curves.first).to_have_attribute("data-drawn", re.compile(r"\d"))
        return self.curves.first.get_by_role("img", name="At the last point")


def test_a_card_opens_an_experiment_and_the_way_back_is_the_list(visit):
    shown = Page(visit("experiments?text=Hello you"))
    expect(shown.list.get_by_role("link")).to_have_count(len(RECORDS))
    shown.list.get_by_role("link", name=RECORDS[SHOWN]["question"]).click()
    expect(shown.title).to_have_text(title_of(SHOWN))
    expect(shown.page.get_by_text(RECORDS[SHOWN]["command"])).to_be_visible()
    shown.page.wait_for_function(f"new URL(location).searchParams.get('experiment') == '{SHOWN}'")
    assert "text=Hello" in shown.page.url
    shown.list.get_by_role("link", name="All experiments").click()
    expect(shown.list.get_by_role("link")).to_have_count(len(RECORDS))
    expect(shown.title).to_have_count(0)


def test_a_copied_link_and_the_button_back_open_the_same_experiment(visit):
    shown = Page(visit(f"experiments?experiment={SHOWN}"))
    expect(shown.title).to_have_text(title_of(SHOWN))
    other = next(name for name in RECORDS if name != SHOWN)
    shown.list.get_by_role("link", name=title_of(other), exact=True).click()
    expect(shown.title).to_have_text(title_of(other))
    shown.page.go_back()
    expect(shown.title).to_have_text(title_of(SHOWN))
    current = shown.list.get_by_role("link", name=title_of(SHOWN), exact=True)
    expect(current).to_have_attribute("aria-current", "true")


def test_names_pick_curves_out_and_give_them_back_without_the_server(visit):
    shown = Page(visit(f"experiments?experiment={SHOWN}"))
    plot = shown.plot()
    names = shown.curves.first.get_by_role("listitem").get_by_role("button")
    ends = plot.evaluate("plot => plot.data.map(curve => curve.y.at(-1))")
    assert all(a >= b for a, b in pairwise(ends))
    assert names.count() == len(ends)
    shown.page.evaluate(COUNT_MESSAGES)
    names.nth(1).click()
    names.nth(2).click()
    expect(names.nth(1)).to_have_attribute("aria-pressed", "true")
    shown.page.mouse.move(5, 300)
    shown.page.wait_for_function(f"plot => ({OPACITIES})(plot)[0] < 0.5", arg=plot.element_handle())
    assert [opacity == 1 for opacity in plot.evaluate(OPACITIES)] == [False, True, True, False]
    shown.curves.first.get_by_role("button", name="show all").click()
    shown.page.wait_for_function(f"plot => ({OPACITIES})(plot)[0] == 1", arg=plot.element_handle())
    assert set(plot.evaluate(OPACITIES)) == {1}
    assert shown.page.evaluate("window.messagesSent") == 0


def test_a_saved_picture_names_its_curves_and_both_axes(visit, tmp_path):
    shown = Page(visit(f"experiments?experiment={SHOWN}"))
    shown.plot()
    with shown.page.expect_download() as saved:
        shown.curves.first.get_by_role("button", name="save SVG").click()
    saved.value.save_as(tmp_path / "saved.svg")
    picture = (tmp_path / "saved.svg").read_text("utf-8")
    for words in ("tinystories", "random tokens again", "tokens seen", "loss, nats per token"):
        assert words in picture


WIDER = """() => ['[data-testid="stMain"]', ".card"]
  .flatMap(each => [...document.querySelectorAll(each)])
  .map(part => part.scrollWidth - part.clientWidth).filter(by => by > 2)"""


def test_nothing_is_wider_than_the_screen(visit):
    opened = visit("experiments", theme="dark")
    shown = Page(opened)
    wider = {}
    for name in ["", *RECORDS]:
        shown.page.set_viewport_size(dict(zip(("width", "height"), SIZES["desktop"], strict=True)))
        if name:
            link = shown.list.get_by_role("link", name=re.compile(re.escape(title_of(name))))
            link.click()
            expect(shown.title).to_have_text(title_of(name))
        for size, (width, height) in SIZES.items():
            shown.page.set_viewport_size({"width": width, "height": height})
            opened.settle(200)
            if over := shown.page.evaluate(WIDER):
                wider[name, size] = over
    assert not wider
