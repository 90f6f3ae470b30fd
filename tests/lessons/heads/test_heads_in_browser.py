"""Heads: the wall and its companions show the run's own numbers and answer without the server."""

import re
from collections import Counter

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
from transformer_core.lens.ablation import remove_heads
from transformer_core.lens.head_roles import mean_weight_on, role_target

CAT = "The cat sat down because she was tired"


class Heads:
    """The lesson's pictures, by role, label or meaning."""

    def __init__(self, visit) -> None:
        self.visit, self.page = visit, visit.page
        self.wall_board = self.board("heads-board")
        self.removal, self.split = self.board("removal-board"), self.board("split-board")
        self.pair = self.board("pair-board")
        self.wall = self.wall_board.locator(".wall")
        self.finding = self.wall_board.locator(".finding")
        self.large = self.wall_board.locator(".plane canvas")
        for board in (self.wall_board, self.removal, self.split, self.pair):
            expect(board.locator(".finding")).not_to_be_empty()

    def board(self, key: str):
        return self.page.locator(f".st-key-{key} .board")

    def head(self, layer: int, head: int):
        return self.wall.get_by_role("radio", name=f"layer {layer} head {head}", exact=True)

    def role(self, name: str) -> None:
        self.wall_board.locator(".roles").get_by_role("radio", name=name).click()

    def messages(self) -> int:
        return self.page.evaluate("window.messagesSent")


@pytest.mark.parametrize("model", ["fable-classic", "fable-modern"])
def test_the_wall_shows_the_models_own_numbers_and_asks_nothing(visit, model):
    heads = Heads(visit(f"heads?text={CAT}&model={model}&layer=2&head=4&token=7"))
    _, trace = model_and_trace(model, CAT)
    weights = torch.stack([block.attention.weights[0] for block in trace.blocks])
    favourites = Counter(weights[:, :, 6].argmax(-1).flatten().tolist())
    said = floats(heads.finding.inner_text())
    assert said[:2] == [36, len(favourites)]
    assert said[2] == favourites.most_common(1)[0][1]

    heads.page.evaluate(COUNT_MESSAGES)
    kept = pixels(heads.large)
    heads.head(5, 3).hover()
    expect(heads.wall_board.locator(".heading h4")).to_have_text("Head 5.3")
    shown = heads.wall_board.locator(".pointed").inner_text()
    assert agrees(re.search(r"[\d.]+ %", shown).group(), float(weights[4, 2, 6].max()))
    assert pixels(heads.large) != kept
    heads.finding.hover()
    expect(heads.wall_board.locator(".heading h4")).to_have_text("Head 2.4")
    assert pixels(heads.large) == kept

    heads.head(5, 3).click()
    expect(heads.removal.locator(".finding")).to_contain_text("Without head 5.3")
    expect(heads.split.locator(".finding")).to_contain_text("Layer 5")
    expect(heads.pair.locator(".finding")).to_contain_text("5.3")
    heads.head(5, 3).press("ArrowRight")
    expect(heads.head(5, 4)).to_be_focused()
    heads.wall_board.locator(".pairing").press("ArrowUp")
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
    expect(heads.finding).to_contain_text("Head 4.4 is the strongest")
    live = mean_weight_on(
        trace.blocks[3].attention.weights,
        role_target("previous_token", trace.token_ids, loaded.tokenizer),
    )[3]
    measured, here = floats(heads.wall_board.locator(".played").inner_text())[:2]
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


def test_a_head_switched_off_shows_what_the_model_says_without_it(visit):
    heads = Heads(visit(f"heads?text={CAT}&layer=4&head=2"))
    loaded, trace = model_and_trace("fable-classic", CAT)
    with torch.inference_mode():
        removed = remove_heads(loaded.model, trace)
    grid = heads.removal.locator(".grid").get_by_role("radio")
    expect(grid).to_have_count(36)
    for layer, head in ((3, 1), (0, 5)):
        grid.nth(6 * layer + head).click()
        best = int(removed.next_probabilities.argmax())
        first = heads.removal.locator(".next .row", has_text="→").filter(
            has_text=loaded.tokenizer.pieces([best])[0].strip()
        )
        shares = first.first.inner_text().split("\n")[1].split("→")
        assert agrees(shares[0], float(removed.next_probabilities[best]))
        assert agrees(shares[1], float(removed.next_without[layer, head, best]))
        change = float((removed.loss_without - removed.loss)[layer, head])
        shown = grid.nth(6 * layer + head).get_attribute("aria-label")
        assert floats(shown.split(":")[1])[0] == pytest.approx(change, abs=0.006)
    expect(heads.head(1, 6)).to_have_attribute("aria-checked", "true")


def test_a_second_sentence_is_typed_and_a_pair_is_chosen(visit):
    heads = Heads(visit(f"heads?text={CAT}&layer=5&head=1"))
    second = heads.page.get_by_role("textbox", name="Second sentence")
    maps = pixels(heads.pair.locator(".plane canvas"))
    second.fill("The cat sat down because she was happy")
    second.press("Enter")
    expect(heads.pair.locator(".finding")).to_contain_text("happy")
    assert pixels(heads.pair.locator(".plane canvas"))[0] == maps[0]
    expect(heads.pair.locator(".about")).to_contain_text("The first 7 rows")
    heads.page.wait_for_function("new URL(location).searchParams.get('other').endsWith('happy')")
    heads.pair.get_by_role("button", name="tired / wide").click()
    expect(heads.page.get_by_role("textbox", name="Your sentence")).to_have_value(
        "The animal didn't cross the street because it was too tired"
    )
    expect(heads.pair.locator(".finding")).to_contain_text("wide")
    expect(heads.finding).to_contain_text("tired")


def test_the_check_can_be_failed_and_the_sentence_goes_on(visit):
    heads = Heads(visit(f"heads?text={CAT}"))
    answers = heads.page.locator("[class*='st-key-heads-check-2-'] button")
    verdicts = []
    for answer in answers.all():
        answer.click()
        heads.visit.settle(200)
        verdicts.append(heads.page.get_by_test_id("stAlertContentSuccess").count())
    assert sorted(verdicts) == [0] * (len(verdicts) - 1) + [1]
    heads.page.locator(".st-key-way-on").get_by_role("link", name="Mask").click()
    heads.page.wait_for_url("**/mask**")
    expect(heads.page.get_by_role("textbox", name="Your sentence")).to_have_value(CAT)
