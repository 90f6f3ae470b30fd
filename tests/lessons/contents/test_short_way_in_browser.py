"""A step of the short way: it is started, followed with the reader's sentence, and left."""

from playwright.sync_api import expect

TEXT = "The dog barked"


def test_the_short_way_is_started_followed_and_left(visit):
    opened = visit(f"contents?text={TEXT}&model=fable-modern")
    page, row = opened.page, opened.page.locator(".st-key-path-row")
    page.get_by_test_id("stMain").get_by_role("link", name="Start").click()
    expect(row).to_contain_text("Essentials, 1 of 10")
    expect(page.get_by_role("button", name="Essentials in")).to_have_count(0)
    row.get_by_role("link", name="Next: Tokenize").click()
    expect(row).to_contain_text("Essentials, 2 of 10")
    page.wait_for_url("**/tokenize?**path=essentials**")
    assert "model=fable-modern" in page.url
    expect(page.get_by_role("textbox", name="Your sentence")).to_have_value(TEXT)
    row.get_by_role("button", name="Leave").click()
    expect(row).to_have_count(0)
    page.wait_for_function("!location.search.includes('path=')")
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="At a glance").click()
    page.get_by_role("button", name="Essentials in").click()
    expect(row).to_contain_text("Essentials, 1 of 10")
