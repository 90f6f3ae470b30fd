"""Pretraining, as a reader uses it: a reward is trained, the same question is put twice."""

from random import randrange

from playwright.sync_api import expect

from tests.real_model import real_model


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


@real_model
def test_the_question_alone_and_in_the_form(visit):
    text = f"The cat sat down {randrange(10_000)}"  # nobody has asked it yet
    page = visit(f"pretraining?text={text}&model=smollm2&question=4").page
    board = page.locator(".board[data-drawn]", has=page.get_by_role("radiogroup", name="Question"))
    sides, begin = board.locator(".side"), board.get_by_role("button", name="Let the model answer")
    expect(board.get_by_role("radio", name="Your text")).to_be_checked()
    expect(sides.first.locator(".read")).to_contain_text("sat")
    expect(sides.first).to_contain_text("Nothing is written yet.")
    expect(begin).to_be_visible()
    board.get_by_role("radio").first.check()
    expect(sides.first.locator(".read")).not_to_contain_text("sat")
    assert sides.nth(1).locator(".read .special").all_inner_texts()[0] == "<|im_start|>"
    assert "question=4" not in page.url
    if begin.count():  # the answer is the same for all, and not written anew at a second try
        begin.click()
    expect(sides.nth(1).locator(".written")).to_contain_text("stop", timeout=20_000)
    words = sides.nth(1).locator(".new .token").all_inner_texts()
    assert "".join(words).replace("␣", " ") == "The capital of France is Paris.<|im_end|>"
    assert sides.first.locator(".new .token").all_inner_texts() == ["<|im_end|>"]
    expect(board.get_by_role("heading", level=3)).to_contain_text(
        "Alone, the first token is “<|im_end|>”"
    )
    board.get_by_role("radio", name="Your text").check()
    expect(sides.first.locator(".read")).to_contain_text("sat")
    assert "question=4" in page.url
