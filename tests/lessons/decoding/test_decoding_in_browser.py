"""Decoding, as a reader uses it: passes stepped, a step timed, slots, drafts, machines, pages."""

import re

from playwright.sync_api import expect

from tests.lessons.at_a_glance.first_screen import COUNT_MESSAGES
from ui.state import read_state

CAT = "The cat sat down because she was tired. The cat"
N = len(read_state({"text": CAT, "model": "fable-classic"}).token_ids)


def board(visit, key: str):
    return visit(f"decoding?text={CAT}").page.locator(f".st-key-{key} .board[data-drawn]")


def test_passes_are_stepped_without_the_server(visit):
    passes = board(visit, "passes-board")
    finding = passes.get_by_role("heading", level=3).first
    expect(finding).to_contain_text(f"All {N} tokens of your text are read in one pass")
    expect(finding).to_contain_text(f"{N + 7} positions with a cache")
    passes.page.evaluate(COUNT_MESSAGES)
    told = passes.locator(".told")
    expect(told).to_contain_text(f"reads {N + 1} keys, of which {N} come from the cache")
    passes.get_by_role("radio", name="without").click()
    expect(told).to_contain_text(f"All {N + 1} positions are computed again")
    passes.get_by_role("button", name="One pass back").click()
    expect(told).to_contain_text("Prefill:")
    assert passes.page.evaluate("window.messagesSent") == 0


def test_a_press_times_both_ways(visit):
    passes = board(visit, "passes-board")
    passes.get_by_role("button", name="Measure on this server").click()
    expect(passes.get_by_role("button", name="Measure again")).to_be_visible(timeout=20_000)
    finding = passes.get_by_role("heading", level=3).nth(1)
    expect(finding).to_contain_text(re.compile(r"Token number 256 takes .* times as long"))


def test_drafts_leave_the_text_as_it_is(visit):
    drafts = board(visit, "draft-board")
    drafts.get_by_role("button", name="Write with drafts").click()
    finding = drafts.get_by_role("heading", level=3).first
    expect(finding).to_contain_text("Both ways wrote the same tokens", timeout=20_000)
    rounds = drafts.get_by_role("listitem")
    assert 4 <= rounds.count() <= 20
    drafts.get_by_role("button", name="One round back").click()
    expect(drafts.get_by_role("slider", name="Round")).to_have_value(str(rounds.count() - 1))
    drafts.get_by_role("radio", name="prompt lookup").click()
    expect(rounds.first).to_be_hidden()


def test_a_slot_is_overwritten_and_costs_loss(visit):
    rolling = board(visit, "rolling-board")
    finding = rolling.get_by_role("heading", level=3).first
    expect(finding).to_contain_text("takes the slot of")
    rolling.get_by_role("button", name="Measure the loss").click()
    expect(rolling.get_by_text("Mean loss after token 6")).to_be_visible()
    rolling.get_by_role("slider", name="Token").fill("3")
    expect(finding).to_contain_text("still finds an empty slot")


def test_kinds_machines_and_pages(visit):
    kept = board(visit, "kept-board")
    kept.get_by_role("radio", name="DeepSeek-V3").click()
    finding = kept.get_by_role("heading", level=3)
    expect(finding).to_contain_text("68.6 KiB of each token")
    kept.get_by_role("radio", name="MHA").click()
    expect(finding).to_contain_text("would keep")
    roof = kept.page.locator(".st-key-roof-board .board")
    roof.get_by_role("slider", name="texts in the batch").fill("0")
    expect(roof.get_by_role("heading", level=3)).to_contain_text("a batch of 1 does 1.0")
    paging = kept.page.locator(".st-key-paging-board .board")
    expect(paging.get_by_text("Seed 1")).to_be_visible()
    paging.get_by_role("button", name="Other requests").click()
    expect(paging.get_by_text("Seed 2")).to_be_visible()
    expect(paging.get_by_role("heading", level=3)).to_contain_text("requests run together")
