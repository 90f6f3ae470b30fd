"""Scaling: the plane answers the hand with the numbers of transformer_core/laws, unasked."""

import re

import pytest
from playwright.sync_api import expect

from tests.lessons.at_a_glance.first_screen import COUNT_MESSAGES, floats
from transformer_core.laws.scaling import LAWS, ParametricLaw, cheapest_for_loss

# Both numbers of one moment: each comes into the address by itself, once the hand rests.
BUDGET_AT_TWENTY = """() => {
  const said = new URL(location).searchParams;
  const [n, d] = ["params", "train"].map((name) => Number(said.get(name)));
  return n < 5e9 && Math.abs(d / n / 20 - 1) < 1e-3;
}"""


class Plane:
    """The lesson's picture, by role or meaning."""

    def __init__(self, visit) -> None:
        self.page = visit.page
        self.plane = self.page.get_by_role("group", name="Plane of parameters and tokens")
        self.root = self.page.locator(".board", has=self.plane)
        self.finding = self.root.get_by_role("heading", level=3)
        self.serving = self.root.get_by_role("heading", name="the cheapest life is")
        self.budget = self.root.get_by_role("slider", name="budget C")
        expect(self.root).to_have_attribute("data-drawn", re.compile(r"\d"))

    def terms(self) -> list[float]:
        """What the loss is made of, the loss at the end."""
        texts = self.root.locator(".terms").inner_text().split("\n")
        return [float(text.removeprefix("≈ ")) for text in texts if re.match(r"[≈\d]", text)]

    def pictures(self) -> int:
        return int(self.root.get_attribute("data-drawn"))


def test_gopher_is_the_sum_of_its_three_terms(visit):
    plane = Plane(visit("scaling?law=chinchilla"))
    plane.root.get_by_role("button", name="Gopher").click()
    assert plane.terms() == [1.69, 0.052, 0.251, 1.993]


def test_point_budget_and_law_move_without_the_server_and_the_address_follows(visit):
    plane = Plane(visit("scaling?law=refit&params=7e9&train=1.4e11"))
    law = LAWS["refit"]
    assert plane.terms()[3] == pytest.approx(law.loss(7e9, 1.4e11), abs=6e-4)
    plane.page.evaluate(COUNT_MESSAGES)
    before = plane.finding.inner_text()
    plane.plane.hover()  # in its middle, once it stands still
    box = plane.plane.bounding_box()
    plane.page.mouse.down()
    plane.page.mouse.move(box["x"] + box["width"] * 0.4, box["y"] + box["height"] * 0.6, steps=4)
    plane.page.mouse.up()
    expect(plane.finding).not_to_have_text(before)
    spent = plane.budget.input_value()
    plane.plane.focus()
    plane.page.keyboard.press("ArrowRight")
    assert float(plane.budget.input_value()) > float(spent)
    plane.page.keyboard.press("Enter")
    expect(plane.root.get_by_text("You are at the best point")).to_be_visible()
    pictures = plane.pictures()
    plane.root.get_by_role("radio", name="Kaplan 2020").click()
    expect(plane.root.get_by_text("2001.08361")).to_be_visible()
    expect(plane.root).to_have_attribute("data-drawn", str(pictures + 1))
    plane.page.wait_for_function("new URL(location).searchParams.get('law') == 'kaplan'")
    assert plane.page.evaluate("window.messagesSent") == 0


def test_the_budgets_line_is_pulled_by_its_grip(visit):
    plane = Plane(visit("scaling?law=refit&params=7e9&train=1.4e11"))
    plane.root.locator(".grip").hover()  # waits until it stands still
    box = plane.root.locator(".grip").bounding_box()
    grip = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    plane.page.mouse.down()
    plane.page.mouse.move(grip[0] - 80, grip[1], steps=3)
    plane.page.mouse.up()
    plane.page.wait_for_function(BUDGET_AT_TWENTY)


def test_serving_makes_the_cheapest_model_smaller_as_the_core_says(visit):
    plane = Plane(visit("scaling?law=chinchilla&params=1e10&train=2e11"))
    law = LAWS["chinchilla"]
    assert isinstance(law, ParametricLaw)
    best = cheapest_for_loss(law, law.loss(1e10, 2e11), 1e13)
    _, size, tokens, *_ = floats(plane.serving.inner_text())
    assert size == pytest.approx(best.n_parameters / 1e9, rel=0.002)
    assert tokens == pytest.approx(best.n_tokens / 1e12, rel=0.002)


def test_the_check_can_be_failed_and_the_sentence_goes_on(visit):
    tab = visit("scaling?text=Tom had a red ball")
    plane = Plane(tab)
    for answer, alert in (("1", "Error"), ("2", "Success")):
        plane.page.locator(f".st-key-scaling-check-2-{answer} button").click()
        shown = plane.page.get_by_test_id(f"stAlertContent{alert}")
        expect(shown).to_contain_text("1.20·10²⁰ FLOP")
    plane.page.locator(".st-key-way-on").get_by_role("link", name="Measured laws").click()
    tab.settle()
    expect(plane.page.get_by_role("textbox", name="Your sentence")).to_have_value(
        "Tom had a red ball"
    )
