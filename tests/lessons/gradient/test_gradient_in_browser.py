"""Gradient step, as a reader uses it: a rate dragged, steps taken, a run, a race, a schedule."""

import re

from playwright.sync_api import expect

from pages.n3_learning.gradient.descents import RATES
from pages.n3_learning.gradient.step_board import pack_place
from tests.lessons.at_a_glance.first_screen import COUNT_MESSAGES, agrees, floats
from tests.ui.unpacking import unpack

CAT = "The cat saw a bird in the tree."
ADDRESS = f"gradient?text={CAT}&model=fable-classic"


class Step:
    """The first board, by role or meaning."""

    def __init__(self, visit) -> None:
        self.page = visit.page
        self.root = self.page.locator(".st-key-step-board .board[data-drawn]")
        self.finding = self.root.get_by_role("heading", level=3).first
        self.rate = self.root.get_by_role("slider", name="Learning rate")
        self.take = self.root.get_by_role("button", name="Take this step")
        self.back = self.root.get_by_role("button", name="Back to the start")

    def losses(self) -> list[float]:
        """Before and after, as the finding says them; nan for what is not written as a number."""
        return floats(self.finding.inner_text())[1:3]


def test_a_rate_is_answered_at_once_and_a_step_by_the_server(visit):
    step = Step(visit(ADDRESS))
    _, arrays = unpack(pack_place(CAT, ""))
    after = arrays["losses"].mean(-1)
    step.page.evaluate(COUNT_MESSAGES)
    for place in (4, 10):
        step.rate.fill(str(place))
        found = step.losses()
        assert agrees(f"{found[0]:.2f}", float(after[0]))
        assert agrees(f"{found[1]:.2f}", float(after[place + 1]))
    assert step.page.evaluate("window.messagesSent") == 0
    step.page.wait_for_function("new URL(location).searchParams.get('rate') == '10'")
    step.rate.fill("3")
    step.take.click()
    expect(step.finding).to_contain_text("The next step")
    assert agrees(f"{step.losses()[0]:.2f}", float(after[4]))
    step.back.click()
    expect(step.finding).to_contain_text("One step")
    expect(step.root.locator(".path .old").first).to_be_attached()


def test_a_rate_that_is_too_high_is_caught_and_told(visit):
    step = Step(visit(f"{ADDRESS}&rate={len(RATES) - 1}"))
    expect(step.finding).to_contain_text("raises")
    step.take.click()
    expect(step.root.get_by_text("The loss has exploded").first).to_be_visible()
    for _ in range(12):
        if step.take.is_disabled():
            break
        before = step.finding.inner_text()
        step.take.click()
        expect(step.finding).not_to_have_text(before)
    expect(step.finding).to_contain_text("not a number")
    expect(step.root.get_by_text("outgrown 32-bit numbers").first).to_be_visible()
    step.back.click()
    expect(step.take).to_be_enabled()


def test_the_logits_of_another_token(visit):
    page = visit(ADDRESS).page
    board = page.locator(".st-key-pull-board .board[data-drawn]")
    board.get_by_role("listbox").focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    rows = board.get_by_role("row")
    right = rows.filter(has=page.locator("th", has_text=re.compile(".")))
    assert right.count() == 7
    came = floats(board.locator(".came").inner_text())
    assert -1 <= came[1] < 0
    assert came[1] == came[2]
    page.wait_for_function("new URL(location).searchParams.get('token')")


def test_a_run_overfits_on_a_press(visit):
    page = visit(ADDRESS).page
    board = page.locator(".st-key-overfit-board .board[data-drawn]")
    board.get_by_role("radio", name="8 spans", exact=True).click()
    board.get_by_role("button", name="Train now").click()
    finding = board.get_by_role("heading", level=3)
    expect(finding).to_contain_text("is lowest after step", timeout=15_000)
    best, rise, end = floats(finding.inner_text())[1:4]
    assert end < best < rise


def test_the_race_and_the_schedule_need_no_server(visit):
    page = visit(ADDRESS).page
    race = page.locator(".st-key-race-board .board[data-drawn]")
    page.evaluate(COUNT_MESSAGES)
    valley, matrix = race.get_by_role("heading", level=3).all()
    before = valley.inner_text()
    race.get_by_role("slider", name="Turned by").fill("45")
    expect(valley).to_contain_text("turned by 45°")
    assert valley.inner_text() != before
    race.get_by_role("slider", name="All rates").fill("3")
    expect(race.get_by_text("SGD diverged").first).to_be_visible()
    race.get_by_role("slider", name="All rates").fill("0")
    expect(matrix).to_contain_text("Muon ends lowest")
    schedule = page.locator(".st-key-schedule-board .board[data-drawn]")
    schedule.get_by_role("slider", name="Decay").fill("1")
    expect(schedule.get_by_role("img", name="down in the last 100 %")).to_be_visible()
    schedule.get_by_role("button", name="As fable-tiny was trained").click()
    expect(schedule.get_by_role("slider", name="Decay")).to_have_value("0.4")
    assert page.evaluate("window.messagesSent") == 0


def test_the_check_moves_the_picture(visit):
    step = Step(visit(ADDRESS))
    step.page.locator(".st-key-gradient-check-2-1 button").click()
    expect(step.page.get_by_test_id("stAlertContentSuccess")).to_contain_text("The slope would")
    expect(step.rate).to_have_value(str(len(RATES) - 1))
