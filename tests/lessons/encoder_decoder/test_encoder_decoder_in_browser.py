"""Encoder, decoder, as a reader uses it: a date typed, a head, a mask, a digit changed."""

import re

from playwright.sync_api import expect

from pages.n2_architectures.encoder_decoder.date_pass import broken, rewritten, telling_head
from tests.browser.visit import eventually
from tests.lessons.at_a_glance.first_screen import COUNT_MESSAGES
from transformer_core.dates import text_of

DATE = "3 May 2001"


class Dates:
    """The board, by role or meaning."""

    def __init__(self, visit) -> None:
        self.visit, self.page = visit, visit.page
        self.root = self.page.locator(".st-key-dates-board .board[data-drawn]")
        self.field = self.root.get_by_role("textbox", name="Your date")
        self.result, self.masks, self.change = self.root.get_by_role("heading", level=3).all()
        self.says = self.root.locator(".step-says")
        self.note = self.root.locator(".note")
        self.place = self.root.get_by_role("slider", name="Character")

    def setting(self, name: str) -> str | None:
        return self.page.evaluate("name => new URL(location).searchParams.get(name)", name)


def test_a_date_is_rewritten_as_it_is_typed(visit):
    dates = Dates(visit(f"encoder_decoder?date={DATE}&letter=4"))
    expect(dates.field).to_have_value(DATE)
    expect(dates.result).to_contain_text("“2001-05-03”, and this is right.")
    now = rewritten(DATE)
    layer, head = telling_head(now)
    row = now.cross[layer, head, 3]
    key = int(row.argmax())
    expect(dates.says).to_contain_text(f"head {layer + 1}.{head + 1} attends most to")
    expect(dates.says).to_contain_text(f"at position {key + 1} of your text")
    dates.field.fill("Dec 24th, 1999")
    expect(dates.result).to_contain_text("1999-12-24")
    assert eventually(lambda: dates.setting("date") == "Dec 24th, 1999")
    dates.root.get_by_role("button", name="03/03/87").click()
    expect(dates.result).to_contain_text("“03/03/87” as “1987-03-03”")
    assert not dates.visit.faults


def test_what_cannot_be_read_is_told_and_the_picture_stays(visit):
    dates = Dates(visit(f"encoder_decoder?date={DATE}"))
    for text, told in (
        ("", "nothing to read yet"),
        ("🎂", "no token for"),
        ("שלום", "no token for"),
        ("1" * 200, "200 characters"),
    ):
        dates.field.fill(text)
        expect(dates.note).to_contain_text(told)
        expect(dates.result).to_contain_text("2001-05-03")
    dates.field.fill("hello")
    expect(dates.note).to_contain_text("This is no date")
    expect(dates.result).to_contain_text("The model rewrites “hello” as")
    dates.field.fill(DATE)
    expect(dates.note).to_be_hidden()
    assert not dates.visit.faults


def test_everything_else_is_answered_without_the_server(visit):
    dates = Dates(visit(f"encoder_decoder?date={DATE}&letter=1&broken=1.5"))
    dates.page.evaluate(COUNT_MESSAGES)
    dates.root.get_by_role("button", name="One character forward").click()
    expect(dates.place).to_have_value("2")
    dates.root.get_by_role("group", name="Up and down change").focus()
    dates.page.keyboard.press("ArrowDown")
    expect(dates.place).to_have_value("3")
    dates.root.get_by_role("radio", name="head 2.4").check()
    expect(dates.says).to_contain_text("head 2.4 attends most")
    dates.page.keyboard.press("ArrowRight")
    expect(dates.masks).to_contain_text("18 padding tokens are hidden")
    dates.root.get_by_role("radio", name="another text").check()
    expect(dates.masks).to_contain_text("Nothing is padded")
    dates.root.get_by_role("img", name="Decoder mask").hover(position={"x": 100, "y": 5})
    expect(dates.root.locator(".pair-says")).to_contain_text("because it stands later")
    dates.root.get_by_role("radio", name="to 0", exact=True).check()
    expect(dates.change).to_contain_text("You changed “2” at position 1 to “0”")
    free = text_of(broken(rewritten(DATE)).free[0, 0].tolist())
    expect(dates.root.locator(".forcing-says")).to_contain_text(f"Generation writes “{free}”")
    assert eventually(lambda: dates.setting("broken") == "1.0")
    assert dates.page.evaluate("window.messagesSent") == 0


def test_play_writes_to_the_end_and_the_check_moves_the_picture(visit):
    dates = Dates(visit(f"encoder_decoder?date={DATE}&letter=9"))
    dates.root.get_by_role("button", name="Play").click()
    expect(dates.place).to_have_value("11", timeout=10_000)
    expect(dates.says).to_contain_text("To end its text")
    dates.page.locator(".st-key-encoder_decoder-check-3-1 button").click()
    expect(dates.page.get_by_test_id("stAlertContentSuccess")).to_contain_text("the input is")
    expect(dates.change).to_contain_text(re.compile("at position 6"))
    assert not dates.visit.faults


def test_a_token_is_hidden_and_another_sentence_typed(visit):
    page = visit("encoder_decoder?sentence=She opened the door&hidden=4").page
    board = page.locator(".st-key-hidden-board .board[data-drawn]")
    finding = board.get_by_role("heading", level=3)
    expect(finding).to_contain_text("“door” is hidden.")
    board.get_by_role("radio", name="the, token 3").check()
    expect(finding).to_contain_text("“the” is hidden. The first guess from both sides is “the”")
    assert eventually(lambda: "hidden=3" in page.url)
    board.get_by_role("textbox").fill("Hi")
    expect(board.get_by_role("status")).to_be_visible()
    expect(finding).to_contain_text("“the” is hidden.")
    board.get_by_role("button", name="They went to the park").click()
    expect(board.get_by_role("radio", name="went, token 2")).to_be_visible()
    expect(board.get_by_role("status")).to_be_hidden()
    assert eventually(lambda: "hidden=3" not in page.url)
