"""Embed: rows, neighbours and analogies equal the model's own, and ask the server nothing."""

import re

import pytest
import torch
from playwright.sync_api import expect

from pages.n1_forward_pass.embed.vocabulary_map import ANALOGIES, _ids
from tests.lessons.at_a_glance.first_screen import (
    COUNT_MESSAGES,
    agrees,
    floats,
    model_and_trace,
    pixels,
)
from transformer_core.lens.embedding_map import analogy, cosines, nearest
from ui.models import load

BALLS = "Tom had a red ball. Sue had a blue ball. Then"
ADDRESS = "([name, value]) => (new URL(location).searchParams.get(name) ?? '') == value"


class Page:
    """The lesson's three components, by role, label or meaning."""

    def __init__(self, visit) -> None:
        self.visit, self.page = visit, visit.page
        self.rows, self.map, self.words = (self.page.locator(".board").nth(i) for i in range(3))
        self.tokens = self.rows.get_by_role("radiogroup", name="Token").get_by_role("radio")
        self.neighbours = self.map.locator(".bars-list button")
        expect(self.neighbours).to_have_count(8)
        expect(self.words.locator(".result")).not_to_be_empty()

    def listed(self) -> list[tuple[str, float]]:
        """The neighbours as they are shown."""
        lines = [each.inner_text().split("\n") for each in self.neighbours.all()]
        return [(line[0], floats(line[-1])[0]) for line in lines]

    def wait_for_address(self, name: str, value: str) -> None:
        self.page.wait_for_function(ADDRESS, arg=[name, value])


def grouped(number: int) -> str:
    return f"{number:,}"


def spaced(loaded, token_id: int) -> str:
    piece = loaded.tokenizer.pieces([token_id])[0]
    return re.sub(r"^ (?=\S)", "␣", piece)


def true_neighbours(name: str, token_id: int, centred: bool = False) -> list[tuple[str, float]]:
    loaded = load(name)
    rows = loaded.model.embedding.detach()
    if centred:
        rows = rows - rows.mean(0)
    similar = cosines(rows, rows[token_id])
    best = nearest(similar, 8, (token_id,)).tolist()
    return [(spaced(loaded, i), round(float(similar[i]), 2)) for i in best]


def same(shown: list[tuple[str, float]], wanted: list[tuple[str, float]]) -> bool:
    return all(a == b and abs(x - y) < 0.011 for (a, x), (b, y) in zip(shown, wanted, strict=True))


@pytest.mark.parametrize("model", ["fable-classic", "fable-modern"])
def test_rows_are_the_models_own_and_answer_by_themselves(visit, model):
    page = Page(visit(f"embed?text={BALLS}&model={model}&token=5"))
    _, trace = model_and_trace(model, BALLS)
    ids = trace.token_ids[0].tolist()
    rows, entering = trace.token_embedded[0], trace.embedded[0]
    finding = page.rows.locator(".finding")
    expect(finding).to_contain_text(f"the same row, {grouped(ids[4])}")
    if model == "fable-classic":
        alike = torch.cosine_similarity(entering[4], entering[10], dim=0)
        assert agrees(finding.inner_text().split("cosine is")[1], float(alike))
    else:
        expect(finding).to_contain_text("enter block 1 as the same vector")
    page.page.evaluate(COUNT_MESSAGES)
    strip, n, d = page.rows.locator(".strip.row canvas"), len(ids), rows.shape[1]
    for i, k in ((0, 0), (3, 100), (n - 1, d - 1)):
        box = strip.bounding_box()
        strip.hover(
            position={"x": (k + 0.5) * box["width"] / d, "y": (i + 0.4) * box["height"] / n}
        )
        said = page.rows.locator(".readout").inner_text()
        assert f"number {k + 1} of {d}" in said
        assert agrees(page.rows.locator(".readout b").last.inner_text(), float(entering[i, k]))
    page.tokens.nth(3).focus()
    page.page.keyboard.press("ArrowUp")
    expect(page.tokens.nth(2)).to_be_focused()
    page.tokens.nth(3).click()
    expect(finding).to_contain_text(f"“␣red” is row {grouped(ids[3])}")
    expect(page.map.locator(".finding")).to_contain_text("“␣red”")
    assert same(page.listed(), true_neighbours(model, ids[3]))
    page.wait_for_address("token", "4")
    assert page.page.evaluate("window.messagesSent") == 0


def test_search_map_and_neighbours_answer_in_the_browser(visit):
    page = Page(visit("embed"))
    loaded = load("fable-classic")
    king = loaded.tokenizer.encode(" king")[0]
    page.page.evaluate(COUNT_MESSAGES)
    field, canvas = page.map.get_by_role("searchbox"), page.map.locator("canvas")
    field.fill("king")
    hit = page.map.locator(".hits").get_by_role("button", name="␣king", exact=True)
    hit.click()
    expect(page.map.locator(".finding")).to_contain_text("“␣king”")
    assert same(page.listed(), true_neighbours("fable-classic", king))
    page.map.get_by_text("without the average row").click()
    assert same(page.listed(), true_neighbours("fable-classic", king, centred=True))
    page.map.get_by_text("without the average row").click()
    for press in (
        lambda: page.map.get_by_role("radiogroup", name="Axis across").get_by_role("radio").nth(2),
        lambda: page.map.get_by_role("radio", name="capital"),
        lambda: page.map.get_by_role("button", name="Zoom in"),
    ):
        before = pixels(canvas)
        press().click()
        assert pixels(canvas) != before
    field.fill("zzzq")
    expect(page.map.locator(".hits")).to_contain_text("No single token holds “zzzq”")
    box = canvas.bounding_box()
    canvas.hover(position={"x": box["width"] / 2, "y": box["height"] / 2})
    expect(page.map.locator(".tip")).to_contain_text("nearest:")
    page.wait_for_address("entry", str(king))
    assert page.page.evaluate("window.messagesSent") == 0
    again = Page(visit(f"embed?entry={king}"))
    assert same(again.listed(), true_neighbours("fable-classic", king))


def test_analogies_are_judged_as_the_core_judges_them(visit):
    page = Page(visit("embed?model=fable-modern"))
    loaded = load("fable-modern")
    rows = loaded.model.embedding.detach()
    known = [ids for ids in (_ids(loaded, words) for words in ANALOGIES) if ids]
    right = [int(nearest(analogy(rows, a, b, c), 1, (a, b, c))) == d for a, b, c, d in known]
    free = sum(int(analogy(rows, a, b, c).argmax()) == d for a, b, c, d in known)
    marks = page.words.locator(".examples button").evaluate_all(
        "all => all.map(button => button.className == 'right')"
    )
    assert marks == right
    expect(page.words.locator(".tally")).to_contain_text(f"{sum(right)} come out")
    expect(page.words.locator(".verdict")).to_contain_text(f"Without it {free} of {len(known)}")
    page.words.locator(".examples button").nth(right.index(False)).click()
    a, b, c, _ = known[right.index(False)]
    answer = int(nearest(analogy(rows, a, b, c), 1, (a, b, c)))
    expect(page.words.locator(".result")).to_have_text(loaded.tokenizer.pieces([answer])[0].strip())
    tagged = page.words.locator(".answers div", has_text="first that is no input")
    expect(tagged).to_contain_text(spaced(loaded, answer))
    page.words.get_by_label("First word").fill("xylophone")
    expect(page.words.locator(".told")).to_contain_text("No single token holds “xylophone”")


def test_new_sentence_check_and_way_on(visit):
    page = Page(visit(f"embed?text={BALLS}"))
    strips, finding = page.rows.locator(".strip canvas"), page.rows.locator(".finding")
    before, said = pixels(strips), finding.inner_text()
    field = page.page.get_by_role("textbox", name="Your sentence")
    field.fill("A king and his queen")
    field.press("Enter")
    expect(finding).not_to_have_text(said)
    page.visit.settle(200)
    assert all(a != b for a, b in zip(before, pixels(strips), strict=True))
    verdicts = []
    for answer in page.page.locator("[class*='st-key-embed-check-1-'] button").all():
        answer.click()
        page.visit.settle(200)
        verdicts.append(page.page.get_by_test_id("stAlertContentSuccess").count())
    assert sorted(verdicts) == [0, 0, 0, 1]
    page.page.locator(".st-key-way-on").get_by_role("link", name="Attend").click()
    expect(page.page.get_by_role("heading", name="Which words does each word")).to_be_visible()
    expect(field).to_have_value("A king and his queen")
