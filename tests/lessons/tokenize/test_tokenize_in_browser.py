"""Tokenize: every vocabulary size is shown as tiktoken would cut, and answered in the browser."""

import pytest
import tiktoken
from playwright.sync_api import expect

from tests.lessons.at_a_glance.first_screen import COUNT_MESSAGES, floats
from transformer_core.tokenizer import (
    TiktokenEncoding,
    Tokenizer,
    load_shipped,
    read_vocabulary,
)

CAT = "The little cat sat down because she was tired"
shipped = load_shipped()


def ids_after(merges: int, text: str) -> list[int]:
    vocabulary = read_vocabulary()
    ranks = dict(list(vocabulary.ranks.items())[: 256 + merges])
    encoding = tiktoken.Encoding(
        "k", pat_str=vocabulary.pattern, mergeable_ranks=ranks, special_tokens={}
    )
    return Tokenizer(TiktokenEncoding(encoding)).encode(text)


class Lesson:
    """The lesson's two pictures, by role, label or meaning."""

    def __init__(self, visit) -> None:
        self.visit, self.page = visit, visit.page
        self.tokens = self.page.get_by_role("listbox", name="Tokens of your text")
        self.slider = self.page.get_by_role("slider", name="Merges learnt")
        self.board = self.page.locator(".board", has=self.slider)
        self.finding = self.board.locator(".finding")
        self.rows = self.page.get_by_role("radiogroup", name="Way to cut the text")
        self.cost = self.page.locator(".cost")
        expect(self.finding).not_to_be_empty()
        expect(self.rows).to_be_visible()

    def ids(self) -> list[int]:
        return [int(shown) for shown in self.tokens.locator("small").all_inner_texts()]

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
    lesson.visit.settle(200)
    assert lesson.ids() == shipped.encode(text)
    assert "f0" in lesson.tokens.inner_text()
    assert "only part of a character" in lesson.board.inner_text()


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
    assert "“␣tired”" in lesson.board.locator(".tree h4").inner_text()
    lesson.tokens.focus()
    lesson.page.keyboard.press("ArrowLeft")
    assert "“␣was”" in lesson.board.locator(".one h4").first.inner_text()
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
    n, letters = len(shipped.encode(CAT)), len(CAT)
    assert floats(lesson.cost.locator(".times").inner_text())[:2] == [letters, n]
    lesson.page.evaluate(COUNT_MESSAGES)
    lesson.rows.get_by_role("radio", name="Bytes").click()
    assert "Read as bytes" in lesson.cost.inner_text()
    lesson.page.keyboard.press("ArrowDown")
    own = lesson.rows.get_by_role("radio", name="fable-classic")
    expect(own).to_have_attribute("aria-checked", "true")
    pieces = own.locator(".cut bdi")
    assert [floats(piece.get_attribute("title"))[0] for piece in pieces.all()] == shipped.encode(
        CAT
    )
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
    lesson.page.locator(".st-key-way-on").get_by_text("Embed").click()
    lesson.visit.settle(200)
    assert "/embed" in lesson.page.url
    assert lesson.page.get_by_role("textbox", name="Your sentence").input_value() == CAT
