"""Next word in the browser: a guess is typed, another picked; costs are the core's own."""

import re

from playwright.sync_api import expect

from pages.n0_why.next_word.blanks import cut_known, cut_mine, describe_blank, describe_text
from pages.n0_why.next_word.known_texts import texts_for
from pages.n0_why.next_word.own_pair import own_pair
from tests.lessons.at_a_glance.first_screen import COUNT_MESSAGES, floats
from ui.models import load
from ui.state import read_state

MODEL = "fable-classic"
TEXT = "The cat sat down because she was tired"


class Game:
    """The board by role, label or meaning."""

    def __init__(self, visit) -> None:
        self.visit, self.page = visit, visit.page
        self.board = self.page.locator(".st-key-guess-board .board[data-drawn]")
        self.finding = self.board.get_by_role("heading", level=3).first
        self.cost = self.board.get_by_role("heading", level=3).nth(1)
        self.field = self.board.get_by_role("textbox", name="Your guess: the next word")
        self.four = self.board.get_by_role("group", name="Four words to pick from").get_by_role(
            "button"
        )
        self.bars = self.board.get_by_role("listbox").get_by_role("option")
        self.next = self.board.get_by_role("button", name="Next blank")
        expect(self.finding).not_to_be_empty()


def test_a_word_is_typed_another_picked_and_both_are_scored(visit):
    game = Game(visit(f"next_word?model={MODEL}"))
    known = texts_for(MODEL)[0]
    text = cut_known(known, load(MODEL))
    blanks = [describe_blank(MODEL, text, word) for word in text.blanks[:2]]
    told = describe_text(MODEL, text)
    expect(game.finding).to_contain_text("“Once upon a”")
    expect(game.four).to_have_count(4)
    expect(game.bars).to_have_count(text.words[text.blanks[0]][0])
    expect(game.board.get_by_text("the rest is hidden until you guess")).to_be_visible()
    game.page.evaluate(COUNT_MESSAGES)

    game.field.fill("midnight")
    game.field.press("Enter")
    expect(game.finding).to_contain_text("The text goes on with “time”")
    paid = sum(blanks[0]["truth"]["nats"])
    assert abs(floats(game.finding.inner_text())[0] - paid) < 0.006
    expect(game.board.get_by_text("After 1 guess the model is ahead")).to_be_visible()
    expect(game.next).to_be_focused()
    game.next.press("Enter")
    expect(game.field).to_be_focused()

    truth = blanks[1]["truth"]["text"].strip()
    expect(game.four).to_have_text([each["text"].strip() for each in blanks[1]["options"]])
    game.four.filter(has_text=re.compile(f"^{truth}$")).click()
    expect(game.finding).to_contain_text(f"You are right: “{truth}”")
    expect(game.board.get_by_text("1 of your words came from the four offered")).to_be_visible()

    game.board.get_by_role("button", name="Show the whole text").click()
    expect(game.bars).to_have_count(len(text.token_ids))
    total = floats(game.cost.inner_text())[1]
    assert abs(total - sum(told["nats"])) < 0.06
    game.bars.nth(3).hover()
    expect(game.board.get_by_role("heading", level=4).last).to_contain_text("cost")
    assert game.page.evaluate("window.messagesSent") == 0


def test_another_text_is_chosen_and_the_readers_own_is_asked_about(visit):
    game = Game(visit(f"next_word?model={MODEL}&text={TEXT}"))
    text = cut_mine(read_state({"text": TEXT, "model": MODEL}))
    expect(game.bars).to_have_count(len(text.token_ids))
    expect(game.finding).to_contain_text("she was”")
    game.bars.nth(2).click()
    expect(game.finding).to_contain_text("“The cat”")
    texts = game.board.get_by_role("radiogroup", name="Text")
    texts.get_by_role("radio", name="A formula").click()
    expect(game.finding).to_contain_text("formula is E =”")
    game.page.wait_for_function("new URL(location).searchParams.get('blanks') == 'formula'")
    sentence = game.page.get_by_role("textbox", name="Your sentence")
    sentence.fill("A dog")
    sentence.press("Enter")
    expect(game.finding).to_contain_text("“A” any of")
    expect(texts.get_by_role("radio", name="Your sentence")).to_be_checked()
    sentence.fill("a")
    sentence.press("Enter")
    expect(game.finding).to_contain_text("A single token has no next word")


def two_own_continuations_are_compared(page, board):
    own = board.locator(".card").filter(has=page.get_by_label("Beginning"))
    said = own.get_by_role("heading", level=3)
    expect(said).to_contain_text("“tea” costs")
    own.get_by_label("Beginning").fill("Once upon a")
    own.get_by_label("Continuation 1").fill("time")
    own.get_by_label("Continuation 2").fill("time")
    expect(said).to_have_text("Both continuations are the same. Change one of them.")
    own.get_by_label("Continuation 2").fill("xylophone")
    expect(said).to_contain_text("“time” is over 1,000 times as probable")
    paid = own_pair(MODEL, {"beginning": "Once upon a", "first": "time", "second": "xylophone"})
    totals = [sum(word["nats"]) for word in paid["words"]]
    shown = floats(said.inner_text())
    assert all(abs(a - b) < 0.006 for a, b in zip(shown, totals, strict=False))
    page.wait_for_function("new URL(location).searchParams.get('second') == 'xylophone'")
    page.reload()
    expect(said).to_contain_text("“xylophone”")
    expect(own.get_by_label("Beginning")).to_have_value("Once upon a")


def test_pairs_come_by_themselves_and_the_blanks_when_asked_for(visit):
    opened = visit(f"next_word?model={MODEL}")
    board = opened.page.locator(".st-key-pairs-board .board")
    expect(board.get_by_role("heading", level=3).first).to_contain_text(
        re.compile(r"in \d+ of 13 pairs"), timeout=20_000
    )
    two_own_continuations_are_compared(opened.page, board)
    board.get_by_role("button", name="Show all blanks with their costs").click()
    expect(board.get_by_text("“hypotenuse”")).to_be_visible()
    expect(board.get_by_text(re.compile("^mean of"))).to_have_count(7)
