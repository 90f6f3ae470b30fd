"""Heads: the wall and its companions show the run's own numbers and answer without the server."""

import re
from collections import Counter
from math import prod
from urllib.parse import quote

import pytest
import torch
from playwright.sync_api import Locator, expect

from pages.n1_forward_pass.heads.induction_board import circuit_of
from tests.lessons.at_a_glance.first_screen import (
    COUNT_MESSAGES,
    agrees,
    floats,
    model_and_trace,
    pixels,
)
from tests.real_model import real_model
from transformer_core.lens.ablation import remove_heads
from transformer_core.lens.head_roles import mean_weight_on, role_target
from ui.examples import CAPITAL
from ui.known_models import REAL_MODEL

CAT = "The cat sat down because she was tired"


class Heads:
    """The lesson's pictures, by role, label or meaning."""

    def __init__(self, visit) -> None:
        self.visit, self.page = visit, visit.page
        self.wall_board = self.board("heads-board")
        self.removal, self.split = self.board("removal-board"), self.board("split-board")
        self.pair = self.board("pair-board")
        self.wall = self.wall_board.get_by_role("radiogroup", name="Heads of all layers")
        self.large = self.wall_board.get_by_role("group", name="Up and down arrows")
        self.map = self.large.locator("canvas")
        self.name = self.wall_board.get_by_role("heading", level=4)
        self.finding = headline(self.wall_board)
        for board in (self.wall_board, self.removal, self.split, self.pair):
            expect(headline(board)).not_to_be_empty()

    def board(self, key: str) -> Locator:
        return self.page.locator(f".st-key-{key} .board[data-drawn]")

    def head(self, layer: int, head: int) -> Locator:
        return self.wall.get_by_role("radio", name=f"layer {layer} head {head}", exact=True)

    def role(self, name: str) -> None:
        self.wall_board.get_by_role("radiogroup", name="Role").get_by_role(
            "radio", name=name
        ).click()

    def next_tokens(self) -> list[list[str]]:
        """Of each token listed after the text: its word, its two chances, the change."""
        rows = self.removal.get_by_role("table").get_by_role("row").all()[1:]
        cells = [row.get_by_role("cell").all_inner_texts() for row in rows]
        return [[word, *chances.split(" → "), change] for word, _, chances, change in cells]

    def messages(self) -> int:
        return self.page.evaluate("window.messagesSent")


def headline(board: Locator) -> Locator:
    return board.get_by_role("heading", level=3)


@pytest.mark.parametrize("model", ["fable-classic", "fable-modern"])
def test_the_wall_shows_the_models_own_numbers_and_asks_nothing(visit, model):
    heads = Heads(visit(f"heads?text={CAT}&model={model}&layer=2&head=4&token=7"))
    _, trace = model_and_trace(model, CAT)
    weights = torch.stack([block.attention.weights[0] for block in trace.blocks])
    favourites = Counter(weights[:, :, 6].argmax(-1).flatten().tolist())
    said = floats(heads.finding.inner_text())
    assert said[:2] == [36, len(favourites)]
    assert said[2] == favourites.most_common(1)[0][1]

    sums = heads.split.get_by_text(re.compile(r"^\d[\d× ]+ = [\d,]+$")).all_inner_texts()
    assert len(sums) == 3
    for factors, product in (each.split(" = ") for each in sums):
        assert prod(map(int, factors.split(" × "))) == floats(product)[0]

    heads.page.evaluate(COUNT_MESSAGES)
    kept = pixels(heads.map)
    heads.head(5, 3).hover()
    expect(heads.name).to_have_text("Head 5.3")
    shown = heads.large.get_attribute("aria-label")
    assert agrees(re.search(r"[\d.]+ %", shown).group(), float(weights[4, 2, 6].max()))
    assert pixels(heads.map) != kept
    heads.finding.hover()
    expect(heads.name).to_have_text("Head 2.4")
    assert pixels(heads.map) == kept

    heads.head(5, 3).click()
    expect(headline(heads.removal)).to_contain_text("Without head 5.3")
    expect(headline(heads.split)).to_contain_text("Layer 5")
    expect(headline(heads.pair)).to_contain_text("5.3")
    heads.head(5, 3).press("ArrowRight")
    expect(heads.head(5, 4)).to_be_focused()
    heads.large.press("ArrowUp")
    expect(heads.finding).to_contain_text("she")
    heads.page.wait_for_function(
        "() => { const at = new URL(location).searchParams; return ['layer', 'head', 'token']"
        ".map(name => at.get(name)).join() === '5,4,6' }"
    )
    assert heads.messages() == 0


def test_a_role_shows_its_scores_and_a_repeating_text_its_induction(visit):
    heads = Heads(visit(f"heads?text={CAT}"))
    loaded, trace = model_and_trace("fable-classic", CAT)
    heads.page.evaluate(COUNT_MESSAGES)
    heads.role("Previous token")
    expect(heads.finding).to_contain_text("Head 4.4 plays the role “previous token” most clearly")
    live = mean_weight_on(
        trace.blocks[3].attention.weights,
        role_target("previous_token", trace.token_ids, loaded.tokenizer),
    )[3]
    told = heads.wall_board.get_by_text(re.compile("^Previous token:")).inner_text()
    measured, here = floats(told)[:2]
    assert measured == 58
    assert here == pytest.approx(100 * float(live), abs=0.51)
    n = trace.token_ids.shape[1]
    expect(heads.wall_board.locator("svg.targets rect")).to_have_count(n - 1)
    heads.role("Induction")
    assert heads.messages() == 0

    heads.page.get_by_role("button", name="Try a repeating text").click()
    expect(heads.finding).to_contain_text("what followed it before")
    field = heads.page.get_by_role("textbox", name="Your sentence")
    _, trace = model_and_trace("fable-classic", field.input_value())
    guess = int(trace.logits[0, -1].argmax())
    expect(heads.finding).to_contain_text(f"“{loaded.tokenizer.pieces([guess])[0].strip()}”")


def test_a_role_is_faded_where_the_sentence_does_not_show_it(visit):
    """An induction head has nothing to do in a text without repeats."""
    heads = Heads(visit(f"heads?text={CAT}"))
    noted = heads.head(6, 5).locator("xpath=..").locator(".note span")
    expect(noted.filter(has_text="ind")).to_have_class("faded")
    previous = heads.head(4, 4).locator("xpath=..").locator(".note span")
    expect(previous.filter(has_text="prev")).not_to_have_class("faded")
    heads.role("Induction")
    heads.page.get_by_role("button", name="Try a repeating text").click()
    expect(heads.finding).to_contain_text("what followed it before")
    heads.role("All heads")
    expect(noted.filter(has_text="ind")).not_to_have_class("faded")


def test_the_circuit_is_shown_for_the_token_that_is_chosen(visit):
    heads = Heads(visit(f"heads?text={CAT}"))
    board = heads.board("induction-board")
    circuit = circuit_of("fable-classic")
    passes = board.get_by_role("table", name="With heads switched off").get_by_role("row")
    expect(passes).to_have_count(5)
    heads.page.evaluate(COUNT_MESSAGES)
    board.get_by_role("radio", name="lamp, position 13").click()
    expect(headline(board)).to_contain_text("“lamp” before and finds “green”")
    steps = board.get_by_role("listitem")
    expect(steps).to_have_count(4)
    expect(steps.nth(0)).to_contain_text("positions 5 and 13")
    for step, exact in ((1, circuit.before[0, 12]), (2, circuit.found[0, 12])):
        said = steps.nth(step).inner_text()
        assert agrees(re.search(r"[> ]*[\d.]+ %", said).group(), float(exact))
    for row, (found, chance) in enumerate(
        zip(circuit.found[:, 12], circuit.probability[:, 12], strict=True)
    ):
        cells = passes.nth(row + 1).get_by_role("cell").all_inner_texts()
        assert agrees(cells[2], float(found))
        assert agrees(cells[4], float(chance))
    assert heads.messages() == 0


def test_a_head_switched_off_shows_what_the_model_says_without_it(visit):
    heads = Heads(visit(f"heads?text={CAT}&layer=4&head=2"))
    loaded, trace = model_and_trace("fable-classic", CAT)
    with torch.inference_mode():
        removed = remove_heads(loaded.model, trace)
    grid = heads.removal.get_by_role("radio")
    expect(grid).to_have_count(36)
    best = int(removed.next_probabilities.argmax())
    word = loaded.tokenizer.pieces([best])[0].strip()
    for layer, head in ((3, 1), (0, 5)):
        grid.nth(6 * layer + head).click()
        expect(headline(heads.removal)).to_contain_text(f"Without head {layer + 1}.{head + 1}")
        (before, after, _), *_ = (row for name, *row in heads.next_tokens() if name == word)
        assert agrees(before, float(removed.next_probabilities[best]))
        assert agrees(after, float(removed.next_without[6 * layer + head, best]))
        change = float((removed.loss_without - removed.loss)[6 * layer + head])
        shown = grid.nth(6 * layer + head).get_attribute("aria-label")
        assert floats(shown.split(":")[1])[0] == pytest.approx(change, abs=0.006)
    expect(heads.head(1, 6)).to_be_checked()
    grid.nth(5).press("ArrowDown")
    expect(grid.nth(11)).to_be_focused()
    expect(heads.head(2, 6)).to_be_checked()


def test_the_first_guess_is_listed_where_it_is_none_of_the_likeliest(visit):
    """Found by use: the board died of this text, whose first guess was cut off from the list."""
    text = "Price:\u00a05\u00a0000\u00a0€"
    heads = Heads(visit(f"heads?text={quote(text)}"))
    loaded, trace = model_and_trace("fable-classic", text)
    with torch.inference_mode():
        removed = remove_heads(loaded.model, trace)
    before, after = removed.next_probabilities, removed.next_without
    best = int(before.argmax())
    more = torch.maximum(before, after) > torch.maximum(before, after)[..., best, None]
    row = int(more.sum(-1).argmax())
    layer, head = removed.heads[row]
    assert more[row].sum() >= 7
    heads.removal.get_by_role("radio", name=f"without head {layer + 1}.{head + 1}").click()
    guess = loaded.tokenizer.pieces([best])[0].strip()
    expect(headline(heads.removal)).to_have_text(
        re.compile(rf"Without head {layer + 1}\.{head + 1}, “{re.escape(guess)}”")
    )
    listed = heads.next_tokens()
    assert 6 <= len(listed) <= 7
    (found,) = (rest for word, *rest in listed if word == guess)
    assert agrees(found[0], float(before[best]))
    assert agrees(found[1], float(after[row, best]))


def test_a_second_sentence_is_typed_and_a_pair_is_chosen(visit):
    heads = Heads(visit(f"heads?text={CAT}&layer=5&head=1"))
    second = heads.page.get_by_role("textbox", name="Second sentence")
    canvases = heads.pair.get_by_role("img")
    maps = pixels(canvases)
    second.fill("The cat sat down because she was happy")
    second.press("Enter")
    expect(headline(heads.pair)).to_contain_text("happy")
    assert pixels(canvases)[0] == maps[0]
    expect(heads.pair.get_by_text("The first 7 rows are the same")).to_be_visible()
    heads.page.wait_for_function("new URL(location).searchParams.get('other').endsWith('happy')")
    heads.pair.get_by_role("button", name="tired / wide").click()
    expect(heads.page.get_by_role("textbox", name="Your sentence")).to_have_value(
        "The animal didn't cross the street because it was too tired"
    )
    expect(headline(heads.pair)).to_contain_text("wide")
    expect(heads.finding).to_contain_text("tired")


def test_the_check_can_be_failed_and_the_sentence_goes_on(visit):
    heads = Heads(visit(f"heads?text={CAT}"))
    answers = heads.page.locator("[class*='st-key-heads-check-3-'] button")
    verdicts = []
    for answer in answers.all():
        answer.click()
        heads.visit.settle(200)
        verdicts.append(heads.page.get_by_test_id("stAlertContentSuccess").count())
    assert sorted(verdicts) == [0] * (len(verdicts) - 1) + [1]
    heads.page.locator(".st-key-way-on").get_by_role("link", name="Mask").click()
    heads.page.wait_for_url("**/mask**")
    expect(heads.page.get_by_role("textbox", name="Your sentence")).to_have_value(CAT)


@real_model
def test_of_the_real_model_heads_are_switched_off_as_they_are_looked_at(visit):
    heads = Heads(visit(f"heads?text={CAPITAL}&model={REAL_MODEL}"))
    expect(heads.wall.get_by_role("radio")).to_have_count(270)
    told = headline(heads.removal)
    expect(told).to_contain_text("Without head 24.5, “Paris” falls from 77 % to 14 %")
    expect(
        heads.removal.get_by_text("attends most to “France”, with a weight of 90 %")
    ).to_be_visible()
    heads.page.evaluate(COUNT_MESSAGES)
    heads.head(24, 5).click()
    expect(heads.name).to_have_text("Head 24.5")
    expect(heads.large).to_have_attribute("aria-label", re.compile("90 %"))
    expect(headline(heads.split)).to_contain_text("Layer 24")
    heads.head(24, 5).press("ArrowLeft")
    expect(heads.head(23, 5)).to_be_focused()
    expect(told).to_contain_text("Without head 23.5", timeout=20_000)

    done = heads.removal.get_by_text(re.compile(r"^\d+ of 270 heads have been switched off"))
    expect(done).to_contain_text("13 of 270")
    heads.removal.get_by_role("button", name="Switch off each of the 270 heads").click()
    stop = heads.removal.get_by_role("button", name=re.compile(r"^Stop: \d+ of 270"))
    expect(stop).to_contain_text(re.compile("Stop: (2|3|4|5)"), timeout=30_000)
    stop.click()
    expect(heads.removal.get_by_role("button", name="Switch off each")).to_be_visible()
    assert heads.messages() == 0
