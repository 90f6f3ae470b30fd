"""Recurrence, as a reader uses it: words, sliders, a measurement, a length."""

import re

from playwright.sync_api import expect

from tests.lessons.at_a_glance.first_screen import COUNT_MESSAGES

CAT = "The cat sat down because she was tired"


class Page:
    """The four boards, by role or meaning."""

    def __init__(self, visit) -> None:
        self.page = visit.page
        boards = (self.page.locator(f".st-key-{name}-board .board") for name in NAMES)
        self.paths, self.reach, self.steps, self.state = boards

    def finding(self, board):
        return board.get_by_role("heading", level=3)


NAMES = ("paths", "reach", "waiting", "state")


def test_two_words_are_chosen_by_slider_and_by_hand_without_the_server(visit):
    shown = Page(visit(f"recurrence?text={CAT}&from=2&to=8"))
    finding = shown.finding(shown.paths)
    expect(finding).to_contain_text("From “cat” to “tired”, information passes 6 steps")
    shown.page.evaluate(COUNT_MESSAGES)
    shown.paths.get_by_role("slider", name="To").fill("3")
    expect(finding).to_contain_text("both need 1 step, as they are neighbours")
    picture = shown.paths.get_by_role("img")
    box = picture.bounding_box()
    at = {"x": box["width"] - 40, "y": box["height"] / 2}
    picture.click(position=at)
    expect(finding).to_contain_text("6 steps")
    expect(shown.paths.get_by_text("gives “cat” an attention weight of")).to_be_visible()
    shown.paths.get_by_role("button", name="Send it").click()
    expect(picture).to_contain_text("1 step")
    expect(picture).to_contain_text("of 6 steps")
    shown.page.wait_for_function("new URL(location).searchParams.get('to') == '8'")
    assert shown.page.evaluate("window.messagesSent") == 0


def test_sliders_change_the_gradient_and_trained_models_are_on_record(visit):
    shown = Page(visit(f"recurrence?text={CAT}"))
    finding = shown.finding(shown.reach)
    expect(finding).to_contain_text("32 steps back")
    expect(finding).to_contain_text("in an RNN < 0.0001 %")
    shown.reach.get_by_role("slider", name="RNN: size of its matrix").fill("2.5")
    expect(finding).to_contain_text("times as much")
    shown.reach.get_by_role("radio", name="after training").click(force=True)
    expect(finding).not_to_contain_text("RNN")
    expect(shown.reach.get_by_text("measured", exact=True)).to_be_visible()


def test_a_press_measures_and_a_second_one_stops(visit):
    shown = Page(visit(f"recurrence?text={CAT}"))
    expect(shown.steps.get_by_text("measured", exact=True)).to_be_visible()
    shown.steps.get_by_role("button", name="Measure here").click()
    expect(shown.finding(shown.steps)).to_contain_text(
        "On one thread of this server", timeout=30_000
    )
    expect(shown.steps.get_by_text("live", exact=True)).to_be_visible()
    shown.steps.get_by_role("button", name="Stop").click()
    expect(shown.steps.get_by_role("button", name="Measure again")).to_be_visible()


def test_memory_at_any_length_and_the_check_moves_the_pictures(visit):
    shown = Page(visit(f"recurrence?text={CAT}"))
    expect(shown.finding(shown.state)).to_contain_text(re.compile("After 2,048 tokens, .* keeps"))
    slider = shown.state.get_by_role("slider", name="Tokens of text")
    slider.focus()
    shown.page.keyboard.press("End")
    expect(shown.finding(shown.state)).to_contain_text("After 1,048,576 tokens")
    shown.page.locator(".st-key-recurrence-check-1-1 button").click()
    expect(shown.page.get_by_test_id("stAlertContentSuccess")).to_contain_text("1/1,024")
    bias = shown.reach.get_by_role("slider", name="LSTM: bias of the forget gate")
    expect(bias).to_have_value("0")
