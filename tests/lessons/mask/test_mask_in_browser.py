"""Mask: patterns and painted cells change the picture at once, and the model runs under them."""

import re
from math import exp

import pytest
import torch
from playwright.sync_api import expect

from tests.lessons.at_a_glance.first_screen import (
    COUNT_MESSAGES,
    agrees,
    floats,
    model_and_trace,
    pixels,
)
from transformer_core.lens.prediction import token_losses
from transformer_core.masks import causal_mask, chunked_mask, full_mask

CAT = "The cat sat down because she was tired"


class Board:
    """The lesson's picture, by role, label or meaning."""

    def __init__(self, visit) -> None:
        self.visit, self.page = visit, visit.page
        self.root = visit.page.locator(".board").nth(0)
        self.finding = self.root.get_by_role("heading", level=3)
        self.maps = self.root.locator("canvas").and_(visit.page.get_by_role("img"))
        self.pointed = self.root.get_by_text(re.compile("may (not )?look at .*(trained|source)"))
        self.cells = self.root.get_by_text(re.compile(r"\d of \d+ cells are open"))
        self.guesses = self.root.get_by_role("table")
        heading = visit.page.get_by_role("heading", name="Where can information flow?")
        self.flow = visit.page.locator(".board").filter(has=heading)
        self.wait()
        self.who, self.before, self.after = self.maps.all()

    def open_flow(self) -> None:
        self.visit.open_fold()
        expect(self.flow).to_have_attribute("data-drawn", re.compile(r"\d+"))

    def choose(self, pattern: str) -> None:
        self.root.get_by_role("radio", name=pattern, exact=True).click()
        self.wait()

    def wait(self) -> None:
        """Until the numbers belong to the mask."""
        expect(self.root).to_have_attribute("aria-busy", "false")
        expect(self.root).to_have_attribute("data-drawn", re.compile(r"\d+"))

    def hover(self, canvas, row: int, column: int, n: int) -> str:
        box = canvas.bounding_box()
        x, y = box["width"] * (column + 0.5) / n, box["height"] * (row + 0.5) / n
        canvas.hover(position={"x": x, "y": y})
        return self.pointed.inner_text()


def losses(model: str, mask: torch.Tensor | None) -> float:
    loaded, trace = model_and_trace(model, CAT)
    with torch.inference_mode():
        logits = loaded.model.trace(trace.token_ids, mask).logits
    return float(token_losses(logits[0], trace.token_ids[0]).mean())


@pytest.mark.parametrize("model", ["fable-classic", "fable-modern"])
def test_each_mask_shows_the_models_own_numbers(visit, model):
    board = Board(visit(f"mask?text={CAT}&model={model}&layer=2&head=4&mask=chunked.3%2Bcausal"))
    loaded, trace = model_and_trace(model, CAT)
    n = trace.token_ids.shape[1]
    trained = losses(model, None)
    chunks = chunked_mask(n, n, 3) & causal_mask(n)
    for mask, pattern in ((chunks, None), (full_mask(n), "Full"), (causal_mask(n), "Causal")):
        if pattern:
            board.choose(pattern)
        said = board.finding.inner_text()
        assert agrees(f"{floats(said)[-1]:.2f}", losses(model, mask))
        if pattern != "Causal":
            assert agrees(f"{floats(said)[-2]:.2f}", trained)
        with torch.inference_mode():
            masked = loaded.model.trace(trace.token_ids, mask)
        weights = masked.blocks[1].attention.weights[0, 3]
        most = int(weights[4].argmax())
        told = board.hover(board.after, 4, most, n)
        assert agrees(f"{floats(told)[0]:.3f}", float(weights[4, most]))
        best = masked.logits[0, -1].softmax(-1).max()
        shares = board.guesses.get_by_role("row").first.get_by_role("cell").last.inner_text()
        assert agrees(shares.splitlines()[-1], float(best))


def test_painting_by_pointer_and_key_goes_into_the_address(visit):
    board = Board(visit(f"mask?text={CAT}&mask=causal"))
    n = 8
    box = board.who.bounding_box()
    side = box["width"] / n
    board.page.mouse.move(box["x"] + 5.5 * side, box["y"] + 1.5 * side)
    board.page.mouse.down()
    board.page.mouse.move(box["x"] + 7.5 * side, box["y"] + 1.5 * side, steps=6)
    board.page.mouse.up()
    board.wait()
    assert "may look at" in board.hover(board.who, 1, 6, n)
    assert board.cells.inner_text().startswith(f"{36 + 3} of 64 cells")
    board.who.focus()
    board.page.keyboard.press("ArrowRight")
    board.page.keyboard.press("Space")
    board.wait()
    assert board.cells.inner_text().startswith(f"{36 + 4} of 64 cells")
    board.page.wait_for_function("() => location.search.includes('mask=painted.8.')")
    cells = pixels(board.maps)[0]
    board.page.reload()
    assert pixels(Board(board.visit).maps)[0] == cells


def test_looking_around_asks_the_server_nothing(visit):
    board = Board(visit(f"mask?text={CAT}&layer=3&head=2&mask=sliding_window.3%2Bcausal"))
    board.page.evaluate(COUNT_MESSAGES)
    maps = pixels(board.maps)
    board.root.get_by_role("radio", name="head 5").click()
    changed = pixels(board.maps)
    assert changed[0] == maps[0]
    assert changed[1] != maps[1]
    assert changed[2] != maps[2]
    first = board.guesses.inner_text()
    board.before.click(position={"x": 5, "y": 5})
    assert board.guesses.inner_text() != first
    brighten = board.root.get_by_role("checkbox", name="brighten each row")
    expect(brighten).to_be_checked()
    brighten.uncheck()
    plain = pixels(board.maps)
    assert plain[0] == changed[0]
    assert plain[1] != changed[1]
    assert plain[2] != changed[2]
    board.hover(board.after, 3, 2, 8)
    assert board.page.evaluate("window.messagesSent") == 0
    board.open_flow()
    board.page.evaluate(COUNT_MESSAGES)
    drawn = pixels(board.flow.locator("canvas"))
    board.flow.get_by_role("radio", name="after layer 1").click()
    assert pixels(board.flow.locator("canvas"))[0] != drawn[0]
    assert board.page.evaluate("window.messagesSent") == 0
    # The grid itself answers before the server does.
    board.root.get_by_role("radio", name="Full", exact=True).click()
    assert board.cells.inner_text().startswith("64 of 64 cells")


def test_padding_and_a_source_are_not_spoken_of_as_if_they_were_run(visit):
    board = Board(visit(f"mask?text={CAT}&mask=sliding_window.2%2Bcausal"))
    board.open_flow()
    title = board.finding.inner_text()
    board.choose("Painted")
    assert board.finding.inner_text() == title  # nothing is painted yet
    board.choose("Padding")
    expect(board.guesses).to_have_attribute("aria-label", "Next token after down")
    expect(board.flow).to_contain_text("“down” hears from 4 tokens")
    board.root.locator("button").get_by_text("cat", exact=True).first.click()
    expect(board.flow).to_contain_text("“cat” hears from 2 tokens")
    board.choose("Cross-attention")
    expect(board.page.get_by_text("Where can information flow?")).to_have_count(0)


def test_formulas_give_what_stands_behind_them(visit):
    board = Board(visit(f"mask?text={CAT}&mask=sliding_window.3%2Bcausal"))
    board.open_flow()
    formula = r"\((\d+) − (\d+)\) × (\d+) \+ (\d+) = (\d+)"
    a, b, c, d, e = map(int, re.search(formula, board.flow.inner_text()).groups())
    assert (a - b) * c + d == e
    trained = board.root.get_by_text("as trained: ")
    loss = floats(trained.inner_text())[0]
    assert trained.get_by_text(f"{loss:.3f}").count() == 2  # beside it, and as the power of e
    assert agrees(trained.inner_text().split("=")[1], exp(loss), slack=0)
    assert agrees(f"{loss:.3f}", losses("fable-classic", None), slack=0.0002)


def test_the_staircase_shows_one_prediction_less_than_there_are_tokens(visit):
    page = visit(f"mask?text={CAT}").page
    table = page.get_by_role("table", name="Predictions of one pass")
    _, trace = model_and_trace("fable-classic", CAT)
    exact = token_losses(trace.logits[0], trace.token_ids[0])
    rows = table.get_by_role("row").filter(has=page.get_by_role("cell"))
    expect(rows).to_have_count(len(exact))
    for row, loss in zip(rows.all(), exact, strict=True):
        assert agrees(row.get_by_role("cell").last.inner_text(), float(loss))


def test_both_pupils_are_trained_and_shown(visit):
    board = Board(visit(f"mask?text={CAT}"))
    board.visit.open_fold()
    board.page.get_by_role("button", name=re.compile("Train both now|Show the training")).click()
    expect(board.page.get_by_text("on stories that neither has read")).to_be_visible(
        timeout=120_000
    )
    rows = board.page.get_by_role("row").filter(has_text="future hidden")
    masked, unmasked = floats(rows.inner_text())
    assert masked < floats(board.page.get_by_role("row").filter(has_text="uniform").inner_text())[0]
    assert unmasked > masked


def test_the_check_can_be_failed_and_the_way_leads_on_with_the_sentence(visit):
    board = Board(visit(f"mask?text={CAT}"))
    answers = board.page.locator("[class*='st-key-mask-check-0-'] button")
    verdicts = []
    for answer in answers.all():
        answer.click()
        board.visit.settle(200)
        verdicts.append(board.page.get_by_test_id("stAlertContentSuccess").count())
    assert sorted(verdicts) == [0] * (len(verdicts) - 1) + [1]
    board.page.locator(".st-key-way-on").get_by_role("link", name="Heads").click()
    board.page.wait_for_url("**/heads*")
    expect(board.page.get_by_role("textbox", name="Your sentence")).to_have_value(CAT)


def test_a_row_of_four_words_is_read_out(visit):
    page = Board(visit(f"mask?text={CAT}&model=fable-classic")).page
    note = page.locator(".st-key-four-words .board[data-drawn]")
    said = note.get_by_role("heading", level=3)
    expect(said).to_contain_text("“to” may look at “Michael”, “Learns” and itself:")
    rows = note.get_by_role("row")
    expect(rows).to_have_count(5)
    shown = floats(rows.nth(4).inner_text())
    assert abs(sum(shown[:4]) - shown[4]) < 0.021
    assert shown[4] == 1
    rows.nth(4).hover()
    expect(said).to_contain_text("“Rock” may look at “Michael”, “Learns”, “to” and itself:")
    note.get_by_role("button", name="Michael").focus()
    expect(said).to_contain_text("“Michael” may look only at itself")
    page.keyboard.press("Tab")
    expect(note.get_by_role("button", name="Learns")).to_be_focused()
    expect(said).to_contain_text("“Learns” may look at “Michael” and itself:")
