"""Positions: the pictures show real numbers, answer without the server, and a shuffle is run."""

import re

import numpy as np
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

CAT = "The cat sat down because she was tired"
ORDER = "Words in their order"


class Board:
    """The five schemes, by role, label or meaning."""

    def __init__(self, visit) -> None:
        self.visit, self.page = visit, visit.page
        boards = visit.page.locator("[data-drawn]")
        self.root = boards.filter(has=visit.page.get_by_role("radiogroup", name="Scheme"))
        self.shuffle = boards.filter(has=visit.page.get_by_role("group", name=ORDER))
        self.finding = self.root.get_by_role("heading", level=3).first
        self.map = self.root.get_by_role("img", name="In one block")
        self.picture = self.root.locator(".picture")
        self.dials = self.root.get_by_role("img", name="Added up over")
        expect(self.root).to_be_visible()

    def score(self) -> str:
        """What the dials add up to."""
        return re.search(r"[=≈] (\S+) at distance", self.dials.get_attribute("aria-label"))[1]

    def choose(self, name: str) -> None:
        self.root.get_by_role("radio", name=re.compile(f"^{name}")).click()

    def slide(self, label: str, to: int) -> None:
        self.root.get_by_role("slider", name=label).fill(str(to))


def test_rope_score_is_the_models_own_and_follows_the_distance_only(visit):
    board = Board(
        visit(f"positions?text={CAT}&model=fable-modern&layer=2&head=4&token=8", motion=True)
    )
    loaded, trace = model_and_trace("fable-modern", CAT)
    scores = trace.blocks[1].attention.scores[0, 3]
    key = int(scores[7, :7].argmax())
    assert agrees(board.score(), float(scores[7, key]), slack=0.004)
    pairs = board.root.get_by_title(re.compile("^Pair"))
    parts = pairs.locator("b").all_inner_texts()
    assert len(parts) == loaded.config.d_head // 2
    rounded = [float(p.replace("−", "-")) for p in parts if "·" not in p]
    assert abs(sum(rounded) - float(scores[7, key])) < 0.1
    board.page.evaluate(COUNT_MESSAGES)
    first, hands = board.score(), board.dials.inner_html()
    angle = board.root.get_by_text(re.compile(r" rad$"))
    between = angle.inner_text()
    board.slide("query at position", 150)
    assert angle.inner_text() == between
    assert board.score() == first
    assert board.dials.inner_html() != hands
    assert "moved together" in board.finding.inner_text()
    assert board.root.get_by_role("slider", name="key at position").input_value() == str(143 + key)
    board.root.get_by_role("checkbox", name="slide both together").uncheck()
    board.slide("key at position", 20)
    assert board.score() != first
    assert "At distance 130" in board.finding.inner_text()
    board.page.emulate_media(reduced_motion="no-preference")
    board.root.get_by_role("button", name="slide on").click()
    expect(board.root.get_by_role("slider", name="query at position")).not_to_have_value("150")
    board.root.get_by_role("button", name="stop").click()
    board.root.get_by_role("radio", name="head 1").click()
    strongest = trace.blocks[1].attention.scores[0, 0, 7, :7]
    assert agrees(board.score(), float(strongest.max()), slack=0.004)
    best = int(strongest.argmax())
    assert board.root.get_by_role("combobox", name="Key word").input_value() == str(best)
    board.page.wait_for_function("() => new URL(location).searchParams.get('head') == '1'")
    board.page.keyboard.press("ArrowRight")
    expect(board.root.get_by_role("radio", name="head 2")).to_be_focused()
    assert board.page.evaluate("window.messagesSent") == 0


def test_each_scheme_lights_its_place_and_answers_by_itself(visit):
    board = Board(visit(f"positions?text={CAT}"))
    table = model_and_trace("fable-classic", CAT)[0].model.position.table.detach()
    alike = torch.nn.functional.cosine_similarity(table[7], table, dim=-1)
    alike[7] = -2
    assert f"most like position {int(alike.argmax()) + 1} " in board.finding.inner_text()
    board.page.evaluate(COUNT_MESSAGES)
    lit = []
    for name in ("Sinusoidal", "Learned", "RoPE", "ALiBi", "None"):
        board.choose(name)
        lit.append(board.map.locator(".lit:not(.said)").all_text_contents())
    assert lit == [["+"], ["+"], ["↻ q", "↻ k"], ["scores − bias"], []]

    same = pixels(board.picture.get_by_role("img"))
    assert "0.0000" in board.finding.inner_text()
    board.root.get_by_role("checkbox", name="causal mask").check()
    assert pixels(board.picture.get_by_role("img")) != same
    assert floats(board.finding.inner_text())[0] > 0.01

    board.choose("Sinusoidal")
    canvas = board.picture.get_by_role("img", name="Sinusoidal table")
    box = canvas.bounding_box()
    canvas.hover(position={"x": box["width"] * 20.5 / 192, "y": box["height"] * 5.5 / 24})
    assert "Number 21 at position 6" in board.picture.inner_text()
    value = board.picture.locator(".result")
    assert agrees(value.inner_text(), float(np.sin(5 / 10_000 ** (20 / 192))))
    board.page.keyboard.press("Tab")
    canvas.focus()
    board.page.keyboard.press("ArrowRight")
    assert agrees(value.inner_text(), float(np.cos(5 / 10_000 ** (20 / 192))))

    board.choose("ALiBi")
    board.picture.get_by_role("img", name="Bias of head 1,").hover(position={"x": 3, "y": 145})
    assert "−1/4 × 7 = −1.75" in board.picture.inner_text()
    board.page.wait_for_function("() => new URL(location).searchParams.get('scheme') == 'alibi'")
    assert board.page.evaluate("window.messagesSent") == 0


@pytest.mark.parametrize("model", ["fable-classic", "fable-modern"])
def test_shuffled_words_go_through_the_models(visit, model):
    board = Board(visit(f"positions?text={CAT}&model={model}"))
    shuffle = board.shuffle
    title = shuffle.get_by_role("heading", level=3)
    words = shuffle.get_by_role("group", name=ORDER).get_by_role("button")
    n = words.count()

    def moved(order: list[int]) -> list[float]:
        found = []
        for name in ("fable-classic", "fable-modern"):
            loaded, trace = model_and_trace(name, CAT)
            ids = trace.token_ids[:, order]
            p, q = trace.logits[0, -1].softmax(-1), loaded.model(ids)[0, -1].softmax(-1)
            found.append(float((p - q).abs().sum() / 2))
        return found

    def shown() -> list[str]:
        return re.findall(r"\S+ %", title.inner_text())

    for text, exact in zip(shown(), moved([*reversed(range(n - 1)), n - 1]), strict=True):
        assert agrees(text, exact, slack=0.006)
    before = title.inner_text()
    shuffle.get_by_role("button", name="As typed").click()
    expect(title).to_contain_text("as typed")
    words.first.focus()
    board.page.keyboard.press("ArrowRight")
    expect(title).to_contain_text("In this order")
    assert words.all_inner_texts()[:2] == ["cat", "The"]
    expect(words.nth(1)).to_be_focused()
    for text, exact in zip(shown(), moved([1, 0, *range(2, n)]), strict=True):
        assert agrees(text, exact, slack=0.006)
    shuffle.get_by_role("button", name="Shuffle").click()
    expect(title).not_to_have_text(before)
    changed = words.all_inner_texts()
    words.nth(0).click()
    words.nth(2).click()
    expect(words).to_have_text([changed[2], changed[1], changed[0], *changed[3:]])
    words.nth(1).drag_to(words.nth(3))
    changed = [changed[2], changed[0], changed[3], changed[1], *changed[4:]]
    assert words.all_inner_texts() == changed
    board.page.wait_for_function(
        "() => /^[\\d.]+$/.test(new URL(location).searchParams.get('order'))"
    )
    assert words.all_inner_texts()[-1] == "tired"
    expect(shuffle.get_by_text("The model was trained with positions")).to_be_visible()
    layers = shuffle.locator(".layer")
    expect(layers.first).to_contain_text("0 %")
    assert floats(layers.nth(1).locator(".two .causal").inner_text())[0] > 1


def test_new_sentence_redraws_and_the_check_can_be_failed_and_the_way_goes_on(visit):
    board = Board(visit(f"positions?text={CAT}&scheme=rope"))
    hands = board.dials.inner_html()
    field = board.page.get_by_role("textbox", name="Your sentence")
    field.fill("Tom had a red ball")
    field.press("Enter")
    expect(board.finding).to_contain_text("“ball”")
    assert board.dials.inner_html() != hands
    for answer, kind in (("It shrinks", "Error"), ("It stays", "Success"), ("It becomes", "Error")):
        board.page.get_by_role("button", name=answer).click()
        expect(board.page.get_by_test_id(f"stAlertContent{kind}")).to_be_visible()
    board.page.get_by_role("link", name="Attend").last.click()
    board.page.wait_for_url("**/attend*")
    expect(field).to_have_value("Tom had a red ball")


def test_answers_move_both_tokens_and_put_the_shuffle_in_the_order_asked(visit):
    board = Board(visit(f"positions?text={CAT}&model=fable-modern&layer=2&head=4&token=8"))
    _, trace = model_and_trace("fable-modern", CAT)
    slider = {
        side: board.root.get_by_role("slider", name=f"{side} at position")
        for side in ("query", "key")
    }
    board.visit.answer("positions", 0, 2)
    assert [slider[side].input_value() for side in ("query", "key")] == ["5", "3"]
    expect(board.root.get_by_text(re.compile(r"\+ 2 × .* rad$"))).to_be_visible()

    board.visit.answer("positions", 1, 1)
    assert [slider[side].input_value() for side in ("query", "key")] == ["18", "16"]
    assert agrees(board.score(), float(trace.blocks[0].attention.scores[0, 3, 7, 5]), slack=0.004)
    expect(board.finding).to_contain_text("moved together")

    board.visit.answer("positions", 2, 0)
    row = board.shuffle.get_by_role("group", name=ORDER)
    expect(row).to_contain_text(re.compile(r"cat\s*The\s*sat", re.IGNORECASE))
    layers = board.shuffle.locator(".layers-bars .layer")
    assert floats(layers.nth(0).inner_text())[1] == 0
    assert floats(layers.nth(1).inner_text())[1] > 0


def test_answers_on_length_halve_positions_and_light_a_curve(visit):
    opened = visit(f"length?text={CAT}")
    page = opened.page
    opened.answer("length", 0, 1)
    plot = page.locator(".st-key-raw-positions .plot")
    full = plot.evaluate("plot => plot.data.filter(each => !each.opacity).map(each => each.name)")
    assert full == ["p ÷ length in one number"]
    far = page.locator(".st-key-far-board .board")
    finding = far.get_by_role("heading", level=3)
    expect(finding).to_contain_text("150° more than the key: more than the 127.5°")
    opened.answer("length", 1, 1)
    expect(finding).to_contain_text("75° more than the key: an angle that training has shown")
    far.get_by_role("checkbox", name="halve all positions").uncheck()
    expect(finding).to_contain_text("150°")
    opened.answer("length", 2, 1)
    expect(far.get_by_text("400 × 1/4 = 100 lower")).to_be_visible()
