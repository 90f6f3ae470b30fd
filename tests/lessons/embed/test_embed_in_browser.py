"""Embed: rows, neighbours and analogies equal the model's own, and ask the server nothing."""

import re

import pytest
import torch
from playwright.sync_api import expect

from pages.n1_forward_pass.embed.word_arithmetic import examples
from pages.n1_forward_pass.embed.word_graph import walk
from tests.browser.visit import eventually
from tests.lessons.at_a_glance.first_screen import (
    COUNT_MESSAGES,
    agrees,
    floats,
    model_and_trace,
    pixels,
)
from tests.real_model import real_model
from transformer_core.lens.embedding_map import analogy, cosines, nearest
from ui.models import load

BALLS = "Tom had a red ball. Sue had a blue ball. Then"
ADDRESS = "([name, value]) => (new URL(location).searchParams.get(name) ?? '') == value"


class Page:
    """The lesson's three components, by role, label or meaning."""

    def __init__(self, visit) -> None:
        self.visit, self.page = visit, visit.page
        boards = self.page.locator(".board")
        token = self.page.get_by_role("radiogroup", name="Token", exact=True)
        self.rows = boards.filter(has=token)
        self.map = boards.filter(has=self.page.get_by_role("searchbox"))
        self.words = boards.filter(has=self.page.get_by_label("First word"))
        self.tokens = token.get_by_role("radio")
        self.strips = self.rows.get_by_role("img", name=re.compile("^(Rows of|What enters)"))
        self.finding = self.rows.get_by_role("heading", level=3)
        self.nearest = self.map.get_by_role("heading", level=3)
        self.neighbours = self.map.get_by_role("button", name=re.compile(r", cosine "))
        self.sum = self.words.get_by_role("status").first
        self.examples = self.words.get_by_role("button", name=re.compile("→"))
        for board in (self.rows, self.map, self.words):
            self.drawn(board)
        expect(self.neighbours).to_have_count(8)

    def drawn(self, board) -> None:
        expect(board).to_have_attribute("data-drawn", re.compile(r"\d+"))

    def readout(self) -> str:
        """What is said of the number pointed at."""
        return self.rows.get_by_text(re.compile(r"number \d+ of \d+: ")).inner_text()

    def listed(self) -> list[tuple[str, float]]:
        """The neighbours as they are shown."""
        lines = [each.inner_text().split("\n") for each in self.neighbours.all()]
        return [(line[0], floats(line[-1])[0]) for line in lines]

    def shows(self, neighbours: list[tuple[str, float]]) -> bool:
        return eventually(lambda: same(self.listed(), neighbours))

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
    finding = page.finding
    expect(finding).to_contain_text(f"the same row, {grouped(ids[4])}")
    if model == "fable-classic":
        alike = torch.cosine_similarity(entering[4], entering[10], dim=0)
        assert agrees(finding.inner_text().split("cosine is")[1], float(alike))
    else:
        expect(finding).to_contain_text("enter layer 1 as the same vector")
    page.page.evaluate(COUNT_MESSAGES)
    strip, n, d = page.strips.first, len(ids), rows.shape[1]
    for i, k in ((0, 0), (3, 100), (5, 31), (7, 150), (8, 77), (n - 1, d - 1)):
        box = strip.bounding_box()
        strip.hover(
            position={"x": (k + 0.5) * box["width"] / d, "y": (i + 0.4) * box["height"] / n}
        )
        said = page.readout()
        assert f"number {k + 1} of {d}" in said
        shown = re.split("[:=≈]", said)[-1]
        assert agrees(shown, float(entering[i, k]))
        terms = floats(said.split(":")[1])
        if model == "fable-classic":
            assert agrees(str(terms[0]), float(rows[i, k]))
            computes = f"{terms[0] + terms[1]:.3f}" == f"{terms[2]:.3f}"
            assert ("=" in said) == computes
            assert ("≈" in said) != computes
        else:
            assert len(terms) == 1
    first, one, *_, product = floats(
        page.rows.get_by_text(re.compile("^Its first number: ")).inner_text().split(". The")[0]
    )
    assert first * one == product
    assert agrees(str(first), float(rows[4, 0]))
    page.tokens.nth(3).focus()
    page.page.keyboard.press("ArrowUp")
    expect(page.tokens.nth(2)).to_be_focused()
    page.tokens.nth(3).click()
    expect(finding).to_contain_text(f"“␣red” is row {grouped(ids[3])}")
    expect(page.nearest).to_contain_text("“␣red”")
    assert page.shows(true_neighbours(model, ids[3]))
    page.wait_for_address("token", "4")
    assert page.page.evaluate("window.messagesSent") == 0


def test_search_map_and_neighbours_answer_in_the_browser(visit):
    page = Page(visit("embed"))
    loaded = load("fable-classic")
    king = loaded.tokenizer.encode(" king")[0]
    page.page.evaluate(COUNT_MESSAGES)
    field = page.map.get_by_role("searchbox")
    canvas = page.map.get_by_role("img", name=re.compile("^Map of all"))
    field.fill("king")
    page.map.get_by_role("button", name="␣king", exact=True).click()
    expect(page.nearest).to_contain_text("“␣king”")
    assert page.shows(true_neighbours("fable-classic", king))
    page.map.get_by_text("without the average row").click()
    assert page.shows(true_neighbours("fable-classic", king, centred=True))
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
    expect(page.map.get_by_text("No single token holds “zzzq”")).to_be_visible()
    box = canvas.bounding_box()
    canvas.hover(position={"x": box["width"] / 2, "y": box["height"] / 2})
    expect(page.map.get_by_text("cosine with", exact=True)).to_be_visible()
    page.wait_for_address("entry", str(king))
    assert page.page.evaluate("window.messagesSent") == 0
    again = Page(visit(f"embed?entry={king}"))
    assert again.shows(true_neighbours("fable-classic", king))


@real_model
def test_the_real_models_whole_vocabulary_is_there(visit):
    sizes = []
    tab = visit("embed?model=smollm2&text=The capital of France is")
    tab.on("response", lambda answer: sizes.append((answer.url, answer)))
    tab.page.reload()
    page = Page(tab)
    expect(page.nearest).to_contain_text("“␣France” among all 49,152 tokens")
    france, king = (load("smollm2").tokenizer.encode(word)[0] for word in (" France", " king"))
    assert page.shows(true_neighbours("smollm2", france))
    expect(page.map.get_by_text("Drawn are the first 4,096 of 49,152 tokens")).to_be_visible()
    expect(page.examples).to_have_count(22)
    answers = [answer for url, answer in sizes if "/embeddings/" in url]
    assert sum(len(answer.body()) for answer in answers) < 250_000
    page.page.evaluate(COUNT_MESSAGES)
    page.map.get_by_role("searchbox").fill("king")
    page.map.get_by_role("button", name="␣king", exact=True).click()
    expect(page.nearest).to_contain_text("“␣king”")
    assert page.shows(true_neighbours("smollm2", king))
    page.wait_for_address("entry", str(king))
    page.words.get_by_label("First word").fill("Tokyo")
    expect(page.words.get_by_text("Tokens used: “␣Tokyo”")).to_be_visible()
    assert page.page.evaluate("window.messagesSent") == 0


def test_what_is_on_its_way_is_told(visit):
    page = Page(visit("embed?model=fable-classic&text=The old cat sat"))
    sign = page.map.get_by_text("comparing with every row")
    opacity = "node => Number(getComputedStyle(node).opacity)"
    assert sign.evaluate(opacity) == 0
    held = []
    page.page.route("**/near?*", lambda route: held.append(route))
    page.tokens.nth(0).click()
    page.page.wait_for_timeout(400)
    assert sign.evaluate(opacity) == 1
    said = page.nearest.inner_text()
    held[0].continue_()
    expect(page.nearest).not_to_have_text(said)
    page.page.wait_for_timeout(400)
    assert sign.evaluate(opacity) == 0
    page.page.unroute("**/near?*")
    page.page.route("**/near?*", lambda route: route.abort())
    page.tokens.nth(1).click()
    page.page.get_by_text("The embedding matrix did not arrive").wait_for()


def test_analogies_are_judged_as_the_core_judges_them(visit):
    page = Page(visit("embed?model=fable-modern"))
    loaded = load("fable-modern")
    rows = loaded.model.embedding.detach()
    known = [ids for ids in examples(loaded).values() if ids]
    right = [int(nearest(analogy(rows, a, b, c), 1, (a, b, c))) == d for a, b, c, d in known]
    free = sum(int(analogy(rows, a, b, c).argmax()) == d for a, b, c, d in known)
    expect(page.examples).to_have_count(len(known))
    for i, comes_out in enumerate(right):
        mark = page.examples.nth(i).get_by_label(
            f"{'' if comes_out else 'not '}nearest", exact=True
        )
        expect(mark).to_have_text("✓" if comes_out else "✗")
    expect(page.words.get_by_text(f"In {sum(right)} of {len(right)} examples")).to_be_visible()
    expect(
        page.words.get_by_text(f"Without this rule it is {free} of {len(known)}")
    ).to_be_visible()
    page.examples.nth(right.index(False)).click()
    a, b, c, _ = known[right.index(False)]
    answer = int(nearest(analogy(rows, a, b, c), 1, (a, b, c)))
    expect(page.sum).to_have_text(loaded.tokenizer.pieces([answer])[0].strip())
    tagged = page.words.get_by_role("status").filter(has_text="the answer")
    expect(tagged.locator("..")).to_contain_text(spaced(loaded, answer))
    page.words.get_by_label("First word").fill("xylophone")
    expect(page.words.get_by_text("No single token holds “xylophone”")).to_be_visible()


def test_a_word_in_three_sentences_is_compared_as_the_reader_writes(visit):
    page = Page(visit("embed?model=fable-modern"))
    board = page.page.locator(".board").filter(has=page.page.get_by_label("Word to compare"))
    page.drawn(board)
    finding = board.get_by_role("heading", level=3)
    expect(finding).to_contain_text("“bank” starts from the same row")
    board.get_by_label("Sentence 2").fill("She put all her money in the bank")
    expect(finding).to_contain_text("the cosine of its two vectors is 1.00")
    board.get_by_label("Sentence 3").fill("A cat")
    expect(finding).to_have_text("Sentence 3 does not hold the token “bank”.")
    board.get_by_role("button", name="light").click()
    expect(finding).to_contain_text("“light” starts from the same row")


def test_a_search_in_the_graph_is_stepped_through(visit):
    tab = visit("embed?model=fable-classic&text=The old cat sat on the mat&token=3")
    tab.open_fold()
    board = tab.page.locator(".st-key-search-board .board[data-drawn]")
    finding = board.get_by_role("heading", level=3)
    expect(finding).to_contain_text("The search for “cat” compares")
    loaded = load("fable-classic")
    ids = tuple(dict.fromkeys(loaded.tokenizer.encode("The old cat sat on the mat")))
    told = walk(loaded, ids, ids[2], 6)
    assert floats(finding.inner_text())[0] == told["comparisons"]
    step = board.get_by_role("slider", name="Step")
    last = len(told["visits"])
    expect(step).to_have_attribute("aria-valuetext", f"{last} of {last}")
    expect(board.get_by_text("so the search ends")).to_be_visible()
    canvas = board.get_by_role("img", name=re.compile("^Graph of"))
    before = pixels(canvas)
    board.get_by_role("button", name="Back").click()
    expect(step).to_have_attribute("aria-valuetext", f"{last - 1} of {last}")
    assert pixels(canvas) != before
    board.get_by_label(re.compile("^Levels of the graph")).press("ArrowRight")
    expect(board.get_by_role("button", name="Next")).to_be_disabled()
    board.get_by_role("button", name="Play").click()
    expect(board.get_by_text("is where every search enters")).to_be_visible()
    board.get_by_role("button", name="Pause").click()
    board.get_by_role("radio", name="ef 24").click()
    tab.page.wait_for_function("new URL(location).searchParams.get('sight') == '24'")
    expect(finding).to_contain_text(f"compares {walk(loaded, ids, ids[2], 24)['comparisons']} of")
    board.get_by_role("radio", name="old").click()
    expect(finding).to_contain_text("The search for “old”")


def test_new_sentence_check_and_way_on(visit):
    page = Page(visit(f"embed?text={BALLS}"))
    before, said = pixels(page.strips), page.finding.inner_text()
    assert len(before) == 3
    field = page.page.get_by_role("textbox", name="Your sentence")
    field.fill("A king and his queen")
    field.press("Enter")
    expect(page.finding).not_to_have_text(said)
    page.drawn(page.rows)
    assert all(a != b for a, b in zip(before, pixels(page.strips), strict=True))
    verdicts = []
    for answer in page.page.locator("[class*='st-key-embed-check-1-'] button").all():
        answer.click()
        page.visit.settle(200)
        verdicts.append(page.page.get_by_test_id("stAlertContentSuccess").count())
    assert sorted(verdicts) == [0, 0, 1]
    page.page.locator(".st-key-way-on").get_by_role("link", name="Positions").click()
    expect(page.page.get_by_role("heading", name="How does it know the order")).to_be_visible()
    expect(field).to_have_value("A king and his queen")
