"""Measured laws as a reader uses it: points, rows, the line, the tokens, all without the server."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from pages.n4_scale.scaling.ladder_board import FIRST
from pages.n4_scale.scaling.ladder_record import cuts, rungs
from tests.lessons.at_a_glance.first_screen import COUNT_MESSAGES, floats
from transformer_core.laws.floored_power_law import fit_floored_power_law
from transformer_core.laws.scaling import REFIT


class Ladder:
    """The four boards, by role or meaning."""

    def __init__(self, visit) -> None:
        self.page = visit("ladder").page
        self.fits, self.samples, self.doubling, self.counting = (
            self.page.locator(f".st-key-{name}-board .board[data-drawn]")
            for name in ("ladder", "samples", "doubling", "counting")
        )
        expect(self.counting).to_be_visible()
        self.points = self.fits.get_by_role("checkbox")

    def exponent(self) -> float:
        cell = self.fits.get_by_role("row", name="exponent").get_by_role("cell").nth(1)
        return floats(cell.inner_text())[0]


def core(dropped: tuple[int, ...]):
    """The core's fit of the first row without some of its points."""
    cut = cuts()[FIRST]
    x, losses = np.delete(cut.x, dropped), np.delete(cut.losses, dropped)
    return fit_floored_power_law(x, losses, 10 * cut.x[-1])


def test_a_reader_on_all_four_boards(visit):
    ladder = Ladder(visit)
    page = ladder.page
    page.evaluate(COUNT_MESSAGES)

    assert ladder.exponent() == pytest.approx(core(()).exponent.value, abs=0.006)
    ladder.points.nth(0).click()
    expect(ladder.points.nth(0)).to_have_attribute("aria-checked", "false")
    assert ladder.exponent() == pytest.approx(core((0,)).exponent.value, abs=0.006)
    page.keyboard.press("Enter")  # the point has kept the focus
    expect(ladder.points.nth(0)).to_have_attribute("aria-checked", "true")
    ladder.fits.get_by_role("button", name="Without the two largest").click()
    assert ladder.exponent() == pytest.approx(core((6, 7)).exponent.value, abs=0.006)
    expect(ladder.fits.get_by_text("neither law has seen it")).to_contain_text("3.053")
    page.wait_for_function("new URL(location).searchParams.get('out') == '6.7'")
    for i in (0, 1):
        ladder.points.nth(i).click()
    ladder.points.nth(2).click()  # four points are left
    expect(ladder.fits.get_by_text("At least 4 points stay on")).to_be_visible()
    ladder.fits.get_by_role("radio", name="148 K parameters, 6 lengths").click(force=True)
    expect(ladder.points).to_have_count(6)

    smallest, largest = rungs()[0], rungs()[-1]
    ladder.samples.get_by_role("slider", name="loss").fill("3.7")
    finding = ladder.samples.get_by_role("heading", level=3)
    expect(finding).to_contain_text(re.compile("9.70 K parameters needed .* 9.84 M parameters"))
    for rung, unit in ((smallest, 1e6), (largest, 1e3)):
        wanted = np.interp(-3.7, -np.array(rung.losses), np.log(rung.tokens))
        assert f"{np.exp(wanted) / unit:.3g}" in finding.inner_text()
    box = ladder.samples.locator(".handle").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2 + 40, steps=3)
    page.mouse.up()
    expect(finding).not_to_contain_text("3.70 nats")

    ladder.doubling.get_by_role("radio", name="GPT-3").click(force=True)
    gain = REFIT.loss(175e9, 300e9) - REFIT.loss(175e9, 600e9)
    expect(ladder.doubling.get_by_role("heading", level=3)).to_contain_text(f"{gain:.4f} nats")
    ladder.counting.get_by_role("radio", name="128,256").click(force=True)
    expect(ladder.counting.get_by_role("heading", level=3)).to_contain_text("0.51 with them")
    assert page.evaluate("window.messagesSent") == 0

    page.locator(".st-key-ladder-check-1-1 button").click()  # the answer sends the picture there
    expect(page.get_by_test_id("stAlertContentSuccess")).to_contain_text("The misses form a bow")
    expect(ladder.points).to_have_count(8)
    expect(ladder.points.nth(7)).to_have_attribute("aria-checked", "false")
