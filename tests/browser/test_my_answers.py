"""What a reader has answered stays in the browser: over a reload, in a file, until it is erased."""

import json
from pathlib import Path

from playwright.sync_api import expect

STORED = "localStorage.getItem('forward-pass-answers')"
CHECK = ".st-key-attend-check"


def test_answers_stay_can_be_saved_and_are_erased(visit):
    tab = visit("attend?layer=1&head=2&token=2")
    page = tab.page
    page.evaluate("localStorage.setItem('forward-pass-answers', '{\"version\":1,\"rounds\":[7')")
    tab.open("attend?layer=1&head=2&token=2")  # what is damaged is no error
    head = page.locator(f"{CHECK}-head")
    for i in (2, 1):  # the first answer is right, the second one does not count
        page.locator(f"{CHECK}-0-{i} button").click()
        tab.settle()
    page.locator(f"{CHECK}-1-0 button").click()
    tab.settle()
    expect(head).to_contain_text("1 of 3 right at the first try")
    expect(page.get_by_text("See it in the picture above")).to_have_count(2)
    board = page.locator(".st-key-attention-board")
    layer = board.get_by_role("radiogroup", name="Layer").get_by_role("radio", checked=True)
    expect(layer).to_have_attribute("aria-label", f"layer {setting(page.url, 'layer')}")

    tab.open("attend?layer=2&head=1&token=3")  # at another place
    expect(head).to_contain_text("1 of 3 right at the first try")
    expect(page.get_by_text("See it in the picture above")).to_have_count(2)

    tab.open("attend?text=The+dog+ran")
    expect(head).to_contain_text("0 of 3 right")
    expect(head).to_contain_text("With other texts: 1 of 2")

    tab.open("glossary")
    page.get_by_role("button", name="My answers").click()
    expect(page.locator("dialog")).to_contain_text("1 of 2 right at the first try")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download JSON").click()
    (round_,) = json.loads(Path(download.value.path()).read_text())["rounds"]
    assert [answer["right"] for answer in round_["answers"]] == [True, False]
    page.get_by_role("button", name="Erase all").click()
    page.get_by_role("button", name="No, keep them").click()
    assert page.evaluate(STORED)
    page.get_by_role("button", name="Erase all").click()
    page.get_by_role("button", name="Yes, erase them").click()
    assert page.evaluate(STORED) is None
    page.get_by_role("button", name="Close").click()
    tab.open("attend")
    expect(head).to_contain_text("0 of 3 right")
    expect(head).not_to_contain_text("With other texts")


def setting(address: str, name: str) -> str:
    return dict(each.split("=") for each in address.split("?")[1].split("&"))[name]
