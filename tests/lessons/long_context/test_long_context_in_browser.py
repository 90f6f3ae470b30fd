"""Long context, as a reader uses it: a pattern, a query, a run of the model, needles, stretches."""

from playwright.sync_api import expect

from tests.lessons.at_a_glance.first_screen import COUNT_MESSAGES
from ui.state import read_state

CAT = "The cat sat down because she was tired"
N = len(read_state({"text": CAT, "model": "fable-classic"}).token_ids)


def test_patterns_recall_and_stretches(visit):
    page = visit(f"long_context?text={CAT}&model=fable-classic").page
    patterns = page.locator(".st-key-pattern-board .board[data-drawn]")
    finding, model, cost = patterns.get_by_role("heading", level=3).all()
    expect(finding).to_contain_text(f"looks at 2 of {N} tokens")
    page.evaluate(COUNT_MESSAGES)
    patterns.get_by_role("slider", name="width in tokens").fill("4")
    expect(finding).to_contain_text(f"looks at 4 of {N} tokens")

    patterns.get_by_role("slider", name="layers").fill("3")
    expect(finding).to_contain_text(f"all {N}" if N <= 10 else "only 10")
    patterns.get_by_role("radio", name="chunks").click()
    patterns.get_by_role("button", name="because").click()
    expect(finding).to_contain_text("“because” begins a chunk")
    patterns.locator(".sentence").press("ArrowRight")
    expect(finding).to_contain_text("looks at 2 of 6 tokens")
    expect(cost).to_contain_text("256 times as many pairs")
    assert page.evaluate("window.messagesSent") == 0

    patterns.get_by_role("button", name="Run the model").click()
    expect(model).to_contain_text("With chunks of 4 it gives “")
    expect(patterns.locator(".guess")).to_have_count(6)
    patterns.get_by_role("radio", name="full", exact=True).click()
    expect(patterns.locator(".guess").first).to_be_hidden()

    needles = page.locator(".st-key-needle-board .board[data-drawn]")
    needles.get_by_role("radio", name="chunks").click()
    expect(needles.get_by_role("heading", level=3)).to_contain_text("With “chunks”")

    stretches = page.locator(".st-key-stretch-board .board[data-drawn]")
    stretches.get_by_role("button", name="Measure fable-modern").click()
    expect(stretches.locator(".tag")).to_have_text("live", timeout=30_000)
    expect(stretches.get_by_role("heading", level=3)).to_contain_text("trained on 256 positions")
