"""Attend: the board shows the run's own numbers and answers without the server."""

import math
import re

import pytest
from playwright.sync_api import expect

from figures.numbers import number
from tests.lessons.at_a_glance.first_screen import (
    COUNT_MESSAGES,
    agrees,
    floats,
    model_and_trace,
    pixels,
)

RAISED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
CAT = "The cat sat down because she was tired"


class Board:
    """The lesson's picture, by role, label or meaning."""

    def __init__(self, visit) -> None:
        self.visit, self.page = visit, visit.page
        self.root = visit.page.locator(".st-key-attention-board .board[data-drawn]")
        self.finding = self.root.get_by_role("heading", level=3)
        self.maps = self.root.get_by_role("group", name="Arrow keys move through the cells.")
        self.planes = self.maps.get_by_role("img")
        self.ledger = self.root.get_by_role("table")
        expect(self.planes).to_have_count(4)

    def point(self, plane: int, query: int, key: int, n: int) -> None:
        canvas = self.planes.nth(plane)
        box = canvas.bounding_box()
        canvas.hover(
            position={"x": box["width"] * (key + 0.5) / n, "y": box["height"] * (query + 0.5) / n}
        )

    def steps(self) -> list[list[str]]:
        """Formula and result of the cell pointed at: q·k, divided, masked, weight."""
        read = "all => all.map(sum => [...sum.querySelectorAll('.line, .result')].map(WRITTEN))"
        written = "line => line.innerHTML.replace(/<sup>(.*?)<.sup>/g, '^$1').replace(/<.*?>/g, '')"
        return self.maps.locator(".sum").evaluate_all(read.replace("WRITTEN", written))

    def results(self) -> list[str]:
        return [step[-1].removeprefix("≈ ") for step in self.steps()]

    def chosen(self, group: str) -> str:
        marked = self.root.get_by_role("radiogroup", name=group).get_by_role("radio", checked=True)
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
    divide = board.root.get_by_role("checkbox", name="√d")
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


def value(text: str) -> float:
    """A number as it is printed: −2.91, 5.5·10⁻²."""
    mantissa, _, power = text.replace("−", "-").partition("·10")
    return float(f"{mantissa}e{power.translate(RAISED) or 0}")


def test_what_stands_in_a_formula_computes_as_it_is_printed(visit):
    board = Board(visit(f"attend?text={CAT}&layer=2&head=4&token=8"))
    n = model_and_trace("fable-classic", CAT)[1].token_ids.shape[1]
    signs = set()
    for query, key in ((7, 7), (7, 2), (6, 5), (6, 0), (4, 1), (3, 3)):
        board.point(0, query, key, n)
        product, division, _, share = board.steps()
        assert division[0] == f"{product[1]} ÷ √32 = {product[1]} ÷ 5.66"
        quotient = number(value(product[1]) / 5.66)
        assert division[1].startswith("≈") == (division[1].removeprefix("≈ ") != quotient)
        exponent, sign, power, total = re.fullmatch(
            r"e\^(.+) ÷ the row’s sum of e\^score ([=≈]) (.+) ÷ (.+)", share[0]
        ).groups()
        assert (sign == "=") == (number(math.exp(value(exponent)), 2, 0.1) == power)
        quotient = number(value(power) / value(total), 3)
        assert share[1].startswith("≈") == (share[1].removeprefix("≈ ") != quotient)
        signs |= {sign, share[1][0]}
    assert {"=", "≈", "0"} <= signs


def test_the_shares_of_a_row_add_up_as_they_are_printed(visit):
    board = Board(visit(f"attend?text={CAT}&layer=2&head=4"))
    totals = set()
    for row in range(8):
        if row:
            board.maps.press("ArrowUp")
        cells = board.ledger.get_by_role("row").locator("css=[role=cell]:nth-child(3)")
        *shares, total = [text for text in cells.all_inner_texts() if text]
        assert len(shares) == 8 - row
        known = not any(share.startswith("<") for share in shares)
        exact = known and number(sum(map(value, shares))) == "1.00"
        assert total == ("1.00" if exact else "≈ 1.00")
        totals.add(total)
    assert len(totals) == 2


def test_title_follows_the_pointer_until_a_key_is_pressed(visit):
    board = Board(visit(f"attend?text={CAT}&layer=3&head=2&token=6"))
    n = model_and_trace("fable-classic", CAT)[1].token_ids.shape[1]
    kept = board.finding.inner_text()
    board.point(3, 4, 1, n)
    expect(board.finding).to_contain_text("“because” attends to “cat” with a weight of")
    board.point(0, 1, 4, n)
    expect(board.finding).to_have_text("“because” comes after “cat”, so the mask hides it")
    board.maps.focus()
    board.page.keyboard.press("]")
    board.page.keyboard.press("[")
    expect(board.finding).to_have_text(kept)
    source = board.root.get_by_text("makes three vectors")
    expect(source).to_contain_text("Head 3.2 (layer 3, head 2)")
    expect(source).not_to_contain_text("RoPE")


def test_new_sentence_redraws_the_board_and_the_check_can_be_failed(visit):
    board = Board(visit(f"attend?text={CAT}"))
    maps, finding = pixels(board.planes), board.finding.inner_text()
    field = board.page.get_by_role("textbox", name="Your sentence")
    field.fill("Tom had a red ball")
    field.press("Enter")
    expect(board.finding).not_to_have_text(finding)
    expect(board.root).to_be_visible()
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


def test_the_worked_example_follows_the_query_that_is_chosen(visit):
    page = visit(f"attend?text={CAT}").page
    worked = page.locator(".st-key-worked-board .board[data-drawn]")
    steps = worked.get_by_role("table", name="From scores to weights")
    expect(steps.get_by_role("row").nth(1)).to_contain_text("1 × 2 + 1 × 0 = 2")
    expect(worked.get_by_text("and the products are added")).to_contain_text("= (0.0, 3.0)")
    page.evaluate(COUNT_MESSAGES)
    worked.get_by_role("radio", name="sang").click()
    expect(worked.get_by_role("heading", level=3)).to_contain_text("“sang”")
    expect(steps.get_by_role("row").nth(3)).to_contain_text("hidden")
    expect(worked.get_by_text("and the products are added")).to_contain_text("= (2.7, 1.3)")
    assert page.evaluate("window.messagesSent") == 0
