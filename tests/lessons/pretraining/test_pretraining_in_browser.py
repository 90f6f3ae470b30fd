"""Pretraining, as a reader uses it: a reward is trained, looked back at, and left."""

from playwright.sync_api import expect


def test_a_reward_is_trained_and_looked_back_at(visit):
    page = visit("pretraining?model=fable-classic").page
    chart = page.locator(".st-key-transfer .board[data-drawn]")
    expect(chart.get_by_role("heading", level=3)).to_contain_text("labelled sentences")
    board = page.locator(".st-key-reward-board .board[data-drawn]")
    finding = board.get_by_role("heading", level=3).first
    board.get_by_role("radio", name="β = 0.05").check()
    board.get_by_role("button", name="Train now").click()
    expect(finding).to_contain_text("After 1 update", timeout=20_000)
    board.get_by_role("button", name="Stop").click()
    expect(board.get_by_role("button", name="Go on")).to_be_visible()
    expect(board.locator(".text-row")).to_have_count(7)
    board.get_by_role("slider", name="After update").fill("0")
    expect(finding).to_contain_text("Before any update")
    board.get_by_role("radio", name="1 point for each").check()
    expect(finding).to_contain_text("nobody shows it an example")
