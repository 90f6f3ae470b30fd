"""Scaling: the plane answers the hand with the numbers of transformer_core/laws, unasked."""

import json

import pytest
from playwright.sync_api import expect

from tests.lessons.at_a_glance.first_screen import COUNT_MESSAGES, floats
from transformer_core.laws.scaling import LAWS, ParametricLaw, cheapest_for_loss
from ui.serving.component import address

FORMULAS = """async ([module, laws, points]) => {
  const { best, loss, tokensFor } = await import(module);
  return Object.fromEntries(Object.entries(laws).map(([name, law]) => [name, points.map(
    ([n, d]) => [loss(law, n, d), best(law, 6 * n * d), tokensFor(law, n, loss(law, n, d))])]));
}"""


class Plane:
    """The lesson's picture, by role or meaning."""

    def __init__(self, visit) -> None:
        self.page = visit.page
        self.root = self.page.locator(".board").first
        self.finding = self.root.locator(".finding")
        self.plane = self.root.locator(".plane")
        self.terms = self.root.locator(".term b")
        expect(self.finding).not_to_be_empty()

    def numbers(self) -> list[float]:
        return [floats(text)[0] for text in self.terms.all_inner_texts()]


def test_formulas_in_the_browser_are_those_of_the_core(visit):
    from pages.n2_scale.scaling.scaling_board import _facts

    plane = Plane(visit("scaling"))
    points = [(3.5e6, 1.7e7), (7e10, 1.4e12), (1e12, 1e14)]
    laws = json.loads(json.dumps(_facts()["laws"]))
    found = plane.page.evaluate(FORMULAS, [address("scaling_board"), laws, points])
    for name, law in LAWS.items():
        for (n, d), (loss, best, tokens) in zip(points, found[name], strict=True):
            assert loss == pytest.approx(law.loss(n, d), rel=1e-12)
            assert best == pytest.approx(law.optimum(6 * n * d).n_parameters, rel=1e-9)
            assert tokens == pytest.approx(d, rel=1e-4)


def test_gopher_is_the_sum_of_its_three_terms(visit):
    plane = Plane(visit("scaling"))
    plane.root.get_by_role("button", name="Gopher").click()
    assert plane.numbers() == [1.69, 0.052, 0.251, 1.993]


def test_point_budget_and_law_move_without_the_server_and_the_address_follows(visit):
    plane = Plane(visit("scaling?law=refit&params=7e9&train=1.4e11"))
    law = LAWS["refit"]
    assert plane.numbers()[3] == pytest.approx(law.loss(7e9, 1.4e11), abs=6e-4)
    plane.page.evaluate(COUNT_MESSAGES)
    before = plane.finding.inner_text()
    box = plane.plane.bounding_box()
    plane.page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.5)
    plane.page.mouse.down()
    plane.page.mouse.move(box["x"] + box["width"] * 0.4, box["y"] + box["height"] * 0.6, steps=4)
    plane.page.mouse.up()
    assert plane.finding.inner_text() != before
    budget = plane.root.locator(".slider", has_text="budget C").locator("input")
    spent = budget.input_value()
    plane.plane.focus()
    plane.page.keyboard.press("ArrowRight")
    assert float(budget.input_value()) > float(spent)
    plane.page.keyboard.press("Enter")
    expect(plane.root.locator(".waste")).to_contain_text("You are at the best point")
    plane.root.get_by_role("radio", name="Kaplan 2020").click()
    expect(plane.root.locator(".source")).to_contain_text("2001.08361")
    plane.page.wait_for_function("new URL(location).searchParams.get('law') == 'kaplan'")
    assert plane.page.evaluate("window.messagesSent") == 0


def test_serving_makes_the_cheapest_model_smaller_as_the_core_says(visit):
    plane = Plane(visit("scaling?law=chinchilla&params=1e10&train=2e11"))
    law = LAWS["chinchilla"]
    assert isinstance(law, ParametricLaw)
    best = cheapest_for_loss(law, law.loss(1e10, 2e11), 1e13)
    _, size, tokens, *_ = floats(plane.root.locator(".serve-title").inner_text())
    assert size == pytest.approx(best.n_parameters / 1e9, rel=0.02)
    assert tokens == pytest.approx(best.n_tokens / 1e12, rel=0.03)


def test_the_check_can_be_failed_and_the_sentence_goes_on(visit):
    tab = visit("scaling?text=Tom had a red ball")
    plane = Plane(tab)
    for answer, alert in (("1", "Error"), ("2", "Success")):
        plane.page.locator(f".st-key-scaling-check-2-{answer} button").click()
        shown = plane.page.get_by_test_id(f"stAlertContent{alert}")
        expect(shown).to_contain_text("93 tokens per parameter")
    plane.page.locator(".st-key-way-on").get_by_role("link", name="Cost").click()
    tab.settle()
    expect(plane.page.get_by_role("textbox", name="Your sentence")).to_have_value(
        "Tom had a red ball"
    )
