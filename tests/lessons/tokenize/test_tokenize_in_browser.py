"""Tokenize: every vocabulary size is shown as tiktoken would cut, and answered in the browser."""

import re

import pytest
from playwright.sync_api import expect

from tests.lessons.at_a_glance.first_screen import COUNT_MESSAGES, floats
from tests.lessons.tokenize.texts import smaller
from tests.real_model import real_model
from transformer_core.shipped_vocabulary import load_shipped
from ui.models import load

CAT = "The little cat sat down because she was tired"
shipped = load_shipped()


def ids_after(merges: int, text: str) -> list[int]:
    return smaller(merges).encode(text)


class Lesson:
    """The lesson's two pictures, by role, label or meaning."""

    def __init__(self, visit) -> None:
        self.visit, self.page = visit, visit.page
        self.tokens = self.page.get_by_role("listbox", name="Tokens of your text")
        self.slider = self.page.get_by_role("slider", name="Merges learnt")
        self.rows = self.page.get_by_role("radiogroup", name="Way to cut the text")
        self.board = self.page.locator(".board", has=self.slider)
        self.comparison = self.page.locator(".board", has=self.rows)
        self.finding = self.board.get_by_role("heading", level=3)
        self.formula = self.comparison.get_by_text(re.compile(r"^\(.* ÷ .*\)² [=≈] "))
        self.drawn(self.board)

    def compare(self) -> None:
        """Open the fold that holds the comparison."""
        self.visit.open_fold()
        self.drawn(self.comparison)

    def drawn(self, board) -> None:
        expect(board).to_have_attribute("data-drawn", re.compile(r"\d+"))

    def ids(self) -> list[int]:
        return [int(shown) for shown in self.tokens.locator("small").all_inner_texts()]

    def heading(self, name: str):
        return self.page.get_by_role("heading", name=re.compile(name))

    def row(self, name: str):
        """A way to cut the text: its radio button, and all that stands beside it."""
        radio = self.page.get_by_role("radio", name=f"{name}: ")
        return radio, self.rows.locator("label", has=radio)

    def button(self, name: str):
        return self.board.get_by_role("button", name=name)


@pytest.mark.parametrize("model", ["fable-classic", "fable-modern"])
def test_tokens_are_the_models_own_and_follow_the_sentence(visit, model):
    lesson = Lesson(visit(f"tokenize?text={CAT}&model={model}&token=2"))
    assert lesson.ids() == shipped.encode(CAT)
    ids, said = shipped.encode(CAT), lesson.finding.inner_text()
    assert floats(said)[:2] == [len(CAT), len(ids)]
    chosen = lesson.tokens.get_by_role("option", selected=True)
    assert str(ids[1]) in chosen.inner_text()
    text = "I like 🦊 <b>foxes</b>"
    lesson.slider.focus()
    lesson.page.keyboard.press("Home")
    expect(lesson.finding).to_contain_text("Before any merge")
    field = lesson.page.get_by_role("textbox", name="Your sentence")
    field.fill(text)
    field.press("Enter")
    expect(lesson.finding).to_contain_text(f"{len(text)} characters become")
    assert lesson.finding.inner_text() != said
    lesson.drawn(lesson.board)
    assert lesson.ids() == shipped.encode(text)
    assert "f0" in lesson.tokens.inner_text()
    assert "only part of a character" in lesson.board.inner_text()


@real_model
def test_the_real_models_vocabulary_and_a_byte_that_it_lacks(visit):
    text = f"{CAT} \U00050000 42"
    lesson = Lesson(visit(f"tokenize?text={text}&model=smollm2"))
    tokenizer = load("smollm2").tokenizer
    assert lesson.ids() == tokenizer.encode(text)
    lost = lesson.tokens.locator(".lacking")
    assert lost.inner_text().split() == ["<|endoftext|>", str(tokenizer.unknown)]
    expect(lesson.board).to_contain_text("1 byte of this text (f1) has no token")
    lost.click()
    expect(lesson.board).to_contain_text("it becomes the unknown token")
    lesson.slider.focus()
    lesson.page.keyboard.press("Home")
    expect(lesson.finding).to_contain_text("Before any merge")
    assert len(lesson.ids()) == len(text.encode())
    lesson.compare()
    lesson.row("Fable classic")[0].press(" ")
    expect(lesson.heading("^Read as Fable classic’s tokens")).to_be_visible()


def test_every_vocabulary_size_is_cut_in_the_browser(visit):
    lesson = Lesson(visit(f"tokenize?text={CAT}&merges=7&token=2"))
    assert lesson.ids() == ids_after(7, CAT)
    lesson.page.evaluate(COUNT_MESSAGES)
    lesson.slider.focus()
    for key, merges in (("ArrowRight", 8), ("ArrowRight", 9), ("ArrowLeft", 8), ("Home", 0)):
        lesson.page.keyboard.press(key)
        assert lesson.ids() == ids_after(merges, CAT)
    seen = 0
    while lesson.button("next join").is_enabled():
        lesson.button("next join").click()
        seen += 1
        if seen % 8 == 0:
            merges = int(floats(lesson.finding.inner_text())[0])
            assert lesson.ids() == ids_after(merges, CAT)
        assert seen < 60
    assert lesson.ids() == shipped.encode(CAT)
    lesson.tokens.get_by_role("option").nth(8).click()
    expect(lesson.heading("^How “␣tired” grows into")).to_be_visible()
    lesson.tokens.focus()
    lesson.page.keyboard.press("ArrowLeft")
    expect(lesson.heading("^The token “␣was”")).to_be_visible()
    lesson.page.wait_for_function("() => new URL(location).searchParams.get('token') == '8'")
    assert lesson.page.evaluate("window.messagesSent") == 0


def test_playing_learns_all_merges_and_can_be_stopped(visit):
    lesson = Lesson(visit("tokenize?text=the cat"))
    lesson.button("Learn it merge by merge").click()
    expect(lesson.finding).to_contain_text("Before any merge")
    expect(lesson.finding).to_contain_text("become", timeout=10_000)
    assert lesson.ids() == shipped.encode("the cat")
    lesson.button("Learn it merge by merge").click()
    lesson.button("Pause").click()
    still = lesson.finding.inner_text()
    lesson.page.wait_for_timeout(900)
    assert lesson.finding.inner_text() == still


def test_choosing_another_cut_compares_its_cost(visit):
    lesson = Lesson(visit(f"tokenize?text={CAT}"))
    lesson.compare()
    n, letters = len(shipped.encode(CAT)), len(CAT)
    a, b, result = floats(lesson.formula.inner_text())
    assert [a, b] == [letters, n]
    assert f"{(a / b) ** 2:.1f}" == f"{result:.1f}"
    price = lesson.comparison.get_by_text(re.compile("Here it holds ")).inner_text()
    size, width, product = floats(price)[:3]
    assert size * width == product
    for squared in re.findall(r"([\d,]+)² = ([\d,]+)", lesson.comparison.inner_text()):
        base, square = (floats(number)[0] for number in squared)
        assert base**2 == square
    lesson.page.evaluate(COUNT_MESSAGES)
    radio, row = lesson.row("Bytes")
    row.get_by_title(f"id {ord('T')}", exact=True).first.click()  # a piece is part of the choice
    expect(radio).to_be_checked()
    expect(lesson.heading("^Read as bytes")).to_be_visible()
    lesson.page.keyboard.press("ArrowDown")
    own, own_row = lesson.row("Fable classic")
    expect(own).to_be_checked()
    expect(own).to_be_focused()
    pieces = own_row.get_by_title(re.compile(r"^id \d+$"))
    titles = [piece.get_attribute("title") for piece in pieces.all()]
    assert titles == [f"id {i}" for i in shipped.encode(CAT)]
    lesson.page.wait_for_function(
        "() => new URL(location).searchParams.get('cut') == 'fable-classic'"
    )
    assert lesson.page.evaluate("window.messagesSent") == 0


def test_check_can_be_failed_and_the_sentence_goes_on(visit):
    lesson = Lesson(visit(f"tokenize?text={CAT}"))
    verdicts = []
    for answer in lesson.page.locator("[class*='st-key-tokenize-check-0-'] button").all():
        answer.click()
        lesson.visit.settle(200)
        verdicts.append(lesson.page.get_by_test_id("stAlertContentSuccess").count())
    assert sorted(verdicts) == [0] * (len(verdicts) - 1) + [1]
    lesson.page.locator(".st-key-way-on").get_by_role("link", name="Embed").click()
    lesson.page.wait_for_url("**/embed*")
    expect(lesson.page.get_by_role("heading", name="How does a token become")).to_be_visible()
    expect(lesson.page.get_by_role("textbox", name="Your sentence")).to_have_value(CAT)
