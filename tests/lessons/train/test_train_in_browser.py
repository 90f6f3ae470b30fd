"""Train one in the browser: a very short training of an own text, and what comes of it."""

import re

import pytest
from playwright.sync_api import expect

SLOW = 150_000  # ms: the process gives way to all others on a machine that is busy


def test_the_check_moves_the_picture(visit):
    page = visit("train?model=fable-classic").page
    board = page.locator(".st-key-train-board .board[data-drawn]")
    finding = board.get_by_role("heading", level=3).first
    page.locator(".st-key-train-check-0-0 button").click()
    expect(finding).to_contain_text("Before training, the model gets")
    page.locator(".st-key-train-check-2-0 button").click()
    expect(board.get_by_role("textbox", name="Learning rate")).to_have_value("1")
    page.locator(".st-key-train-check-3-1 button").click()
    expect(finding).to_contain_text("After 600 steps the model gets")


@pytest.mark.timeout(400)
def test_a_text_is_learnt_and_its_model_opened_in_the_other_lessons(visit):
    opened = visit("train?model=fable-classic")
    page = opened.page
    board = page.locator(".st-key-train-board .board[data-drawn]")
    finding = board.get_by_role("heading", level=3).first
    expect(finding).to_contain_text("After 600 steps the model gets")
    expect(board.get_by_text("measured", exact=True)).to_be_visible()
    board.get_by_role("slider", name="Step shown").fill("0")
    expect(finding).to_contain_text("Before training, the model gets")

    board.get_by_role("radio", name="Your own text").check(force=True)
    train = board.get_by_role("button", name="Train", exact=True)
    text = board.get_by_role("textbox", name="Your own text")
    text.fill("")
    train.click()
    expect(board.get_by_role("alert")).to_contain_text("There is no text to learn from")
    text.fill("The cat saw a bird. It wanted to catch it.\n" * 20)
    board.get_by_role("textbox", name="Learning rate").fill("fast")
    train.click()
    expect(board.get_by_role("alert")).to_contain_text("must be a number above 0")

    board.get_by_role("textbox", name="Learning rate").fill("0.003")
    board.get_by_role("textbox", name="Steps").fill("50")
    board.get_by_role("radio", name="d_model 1").check(force=True)
    train.click()
    expect(board.get_by_text(re.compile("All 50 steps took"))).to_be_visible(timeout=SLOW)
    expect(board.get_by_text("live", exact=True)).to_be_visible()
    expect(finding).to_contain_text("After 50 steps the model gets")
    with page.expect_download() as coming:
        board.get_by_role("button", name="Download it").click()
    assert coming.value.suggested_filename == "transformer-text.zip"

    board.get_by_role("button", name="Open it in the other lessons").click()
    page.wait_for_function("new URL(location).searchParams.get('model')?.startsWith('own-')")
    opened.settle()
    expect(page.get_by_role("button", name="Your model")).to_be_visible()
    page.goto(page.url.replace("/train?", "/tokenize?"))
    opened.settle()
    expect(page.locator(".st-key-tokenize-board .board[data-drawn]")).to_be_visible()
    expect(page.get_by_role("button", name="Your model")).to_be_visible()
