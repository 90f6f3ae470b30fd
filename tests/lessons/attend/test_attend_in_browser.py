"""Attend: the board shows the run's own numbers and answers without the server."""

import math

import pytest
from playwright.sync_api import expect

from tests.lessons.at_a_glance.first_screen import (
    COUNT_MESSAGES,
    agrees,
    floats,
    model_and_trace,
    pixels,
)

CAT = "The cat sat down because she was tired"


class Board:
    """The lesson's picture, by role, label or meaning."""

    def __init__(self, visit) -> None:
        self.visit, self.page = visit, visit.page
        self.root = visit.page.locator(".board")
        self.maps = self.root.locator(".maps")
        self.planes = self.maps.locator("canvas")
        self.sums = self.maps.locator(".sum .result")
        self.finding = self.root.locator(".finding")
        expect(self.finding).not_to_be_empty()

    def point(self, plane: int, query: int, key: int, n: int) -> None:
        canvas = self.planes.nth(plane)
        box = canvas.bounding_box()
        canvas.hover(
            position={"x": box["width"] * (key + 0.5) / n, "y": box["height"] * (query + 0.5) / n}
        )

    def results(self) -> list[str]:
        """q·k, divided, masked, weight of the cell pointed at."""
        return self.sums.all_inner_texts()

    def chosen(self, group: str) -> str:
        marked = self.root.get_by_role("radiogroup", name=group).locator("[aria-checked=true]")
        return marked.get_attribute("aria-label")


@pytest.mark.parametrize("model", ["fable-classic", "fable-modern"])
def test_cell_pointed_at_shows_the_models_own_four_numbers(visit, model):
    board = Board(visit(f"attend?text={CAT}&model={model}&layer=2&head=4&token=7"))
    loaded, trace = model_and_trace(model, CAT)
    attention, n = trace.blocks[1].attention, trace.token_ids.shape[1]
    assert (board.chosen("Layer"), board.chosen("Head")) == ("layer 2", "head 4")
    strongest = float(attention.weights[0, 3, 6].max())
    assert abs(floats(board.finding.inner_text().split("%")[0])[-1] - 100 * strongest) <= 1
    for plane, query, key in ((0, 6, 2), (3, 5, 5), (1, 7, 0)):
        board.point(plane, query, key, n)
        raw, scaled, masked, weight = board.results()
        score = float(attention.scores[0, 3, query, key])
        assert agrees(raw, score * math.sqrt(loaded.config.d_head))
        assert agrees(scaled, score)
        assert masked == scaled
        assert agrees(weight, float(attention.weights[0, 3, query, key]))
    board.point(0, 2, 6, n)
    assert board.results()[2:] == ["−∞", "0"]


def test_board_answers_keys_and_switches_by_itself(visit):
    board = Board(visit(f"attend?text={CAT}&layer=3&head=2&token=6"))
    board.page.evaluate(COUNT_MESSAGES)
    maps = pixels(board.planes)
    board.maps.focus()
    for key, group, label in (
        ("]", "Head", "head 3"),
        ("+", "Layer", "layer 4"),
        ("-", "Layer", "layer 3"),
        ("[", "Head", "head 2"),
    ):
        board.page.keyboard.press(key)
        assert board.chosen(group) == label
    assert pixels(board.planes) == maps
    board.root.get_by_role("radio", name="head 5").click()
    assert all(a != b for a, b in zip(maps, pixels(board.planes), strict=True))
    board.maps.focus()
    first = board.results()
    board.page.keyboard.press("ArrowUp")
    assert board.results() != first

    divided = pixels(board.planes), board.results()
    divide = board.root.get_by_role("checkbox").first
    divide.uncheck()
    assert pixels(board.planes)[0] == divided[0][0]
    assert pixels(board.planes)[3] != divided[0][3]
    raw, undivided, _, _ = board.results()
    assert raw == undivided != divided[1][1]
    divide.check()
    assert (pixels(board.planes), board.results()) == divided
    board.page.wait_for_function(
        "() => { const at = new URL(location).searchParams;"
        " return at.get('head') == '5' && at.get('token') == '5' }"
    )
    assert board.page.evaluate("window.messagesSent") == 0


def test_title_follows_the_pointer_until_a_key_is_pressed(visit):
    board = Board(visit(f"attend?text={CAT}&layer=3&head=2&token=6"))
    n = model_and_trace("fable-classic", CAT)[1].token_ids.shape[1]
    kept = board.finding.inner_text()
    board.point(3, 4, 1, n)
    expect(board.finding).to_contain_text("of “because”’s attention to “cat”")
    board.point(0, 1, 4, n)
    expect(board.finding).to_have_text("“because” comes after “cat”: the mask hides it")
    board.maps.focus()
    board.page.keyboard.press("]")
    board.page.keyboard.press("[")
    expect(board.finding).to_have_text(kept)
    source = board.root.locator(".source")
    expect(source).to_contain_text("Head 3.2 (layer 3, head 2)")
    expect(source).not_to_contain_text("RoPE")


def test_new_sentence_redraws_the_board_and_the_check_can_be_failed(visit):
    board = Board(visit(f"attend?text={CAT}"))
    maps, finding = pixels(board.planes), board.finding.inner_text()
    field = board.page.get_by_role("textbox", name="Your sentence")
    field.fill("Tom had a red ball")
    field.press("Enter")
    expect(board.finding).not_to_have_text(finding)
    board.visit.settle(200)
    assert all(a != b for a, b in zip(maps, pixels(board.planes), strict=True))
    check = board.page.locator(".st-key-attend-check-head")
    before = check.inner_text()
    answers = board.page.locator("[class*='st-key-attend-check-1-'] button")
    verdicts = []
    for answer in answers.all():
        answer.click()
        board.visit.settle(200)
        verdicts.append(board.page.get_by_test_id("stAlertContentSuccess").count())
    assert sorted(verdicts) == [0] * (len(verdicts) - 1) + [1]
    assert before
