"""Predict: the board shows the model's own shares, answers by itself, and writes what it says."""

import re
from random import randrange

from playwright.sync_api import expect

from pages.n1_forward_pass.predict.generation_board import UNASKED
from pages.n1_forward_pass.predict.prediction_board import LISTED
from tests.lessons.at_a_glance.first_screen import COUNT_MESSAGES, agrees, floats, model_and_trace
from tests.real_model import real_model
from transformer_core.generation import Sampling, filter_steps, generate, until

CAT = "The cat sat down because she was tired"


def unused() -> int:
    """A seed of one's own: readers who order the same text share it, a test's second try too."""
    return randrange(10_000)


def unused_and_long(name: str, n: int, *ways: Sampling) -> int:
    """A seed of one's own with which no way of drawing ends the text before `n` tokens."""
    loaded, trace = model_and_trace(name, CAT)
    ids, stops = trace.token_ids[0].tolist(), loaded.tokenizer.stop_ids

    def is_long(seed: int) -> bool:
        written = [until(generate(loaded.model, ids, how, n, seed), stops) for how in ways]
        return all(len(list(steps)) == n for steps in written)

    return next(filter(is_long, iter(unused, None)))


class Lesson:
    """The lesson's three pictures, by role, label or meaning."""

    def __init__(self, visit) -> None:
        self.visit, self.page = visit, visit.page
        self.board = self.picture(self.page.get_by_role("listbox", name="Likeliest next tokens"))
        self.surprise = self.picture(self.page.get_by_role("listbox", name="Your text"))
        self.writing = self.picture(self.page.get_by_role("slider", name="Step", exact=True))
        self.finding = self.board.get_by_role("heading", level=3)
        self.rows = self.board.get_by_role("option")
        self.steps = self.board.get_by_role("listitem")
        self.tally = self.board.locator(".tally")
        self.words = self.surprise.get_by_role("option")
        for picture in (self.board, self.surprise, self.writing):
            expect(picture).to_have_attribute("data-drawn", re.compile(r"\d"))

    def picture(self, inside):
        return self.page.locator(".board", has=inside)

    def shares(self) -> list[str]:
        return [lines(row)[-1] for row in self.rows.all()]

    def tokens(self) -> list[str]:
        return [lines(row)[1] for row in self.rows.all()]

    def results(self) -> list[str]:
        """What each step of a token's arithmetic comes to."""
        return [lines(step)[-1] for step in self.steps.all()]

    def set(self, name: str, value: float) -> None:
        self.board.get_by_role("slider", name=name).fill(str(value))

    def press(self, name: str) -> None:
        """A button; answered when there is another picture."""
        before = int(self.board.get_attribute("data-drawn"))
        self.board.get_by_role("button", name=name).click()
        expect(self.board).to_have_attribute("data-drawn", str(before + 1))


def lines(part) -> list[str]:
    """The texts of a part's cells, from left to right."""
    return [line for line in part.inner_text().split("\n") if line.strip()]


def test_shares_on_screen_are_the_models_and_sliders_ask_nobody(visit):
    lesson = Lesson(visit(f"predict?text={CAT}&model=fable-modern&temperature=0.8&top_k=5&token=5"))
    loaded, trace = model_and_trace("fable-modern", CAT)
    logits = trace.logits[0, 4]
    wanted = filter_steps(logits, Sampling(temperature=0.8, top_k=5))[-1].probabilities
    best = logits.topk(LISTED)
    pieces = loaded.tokenizer.pieces(best.indices.tolist())
    assert lesson.tokens() == [piece.strip() or "␣" for piece in pieces]
    for shown, token_id in zip(lesson.shares()[:5], best.indices.tolist()[:5], strict=True):
        assert agrees(shown, float(wanted[token_id]))
    assert lesson.shares()[5:] == ["cut"] * (LISTED - 5)
    assert "5 of 4,096" in lesson.finding.inner_text()
    cut = lesson.board.get_by_role("listbox").get_by_text("top-k 5").bounding_box()
    fifth = lesson.rows.nth(4).bounding_box()
    assert abs(cut["y"] - fifth["y"] - fifth["height"]) < 6

    lesson.page.evaluate(COUNT_MESSAGES)
    lesson.rows.nth(2).hover()
    expect(lesson.steps.nth(1)).to_contain_text(lesson.tokens()[2])
    results = lesson.results()
    assert agrees(results[0], float(trace.final_norm[0, 4, 0]), slack=0.01)
    assert agrees(results[1], float(best.values[2]))
    assert agrees(results[2], float((best.values[2] - best.values[0]) / 0.8), slack=0.01)
    assert agrees(results[4], float(wanted[best.indices[2]]))
    lesson.set("top-k", 31)  # the last stop: off
    lesson.set("temperature", 2)
    hot = filter_steps(logits, Sampling(temperature=2))[-1].probabilities
    assert agrees(lesson.shares()[0], float(hot.max()))
    lesson.press("greedy")
    assert lesson.shares() == ["100 %"] + ["0 %"] * (LISTED - 1)
    lesson.press("as it is")
    expect(lesson.board.get_by_role("button", pressed=True)).to_have_text("as it is")
    drawn = lesson.tally.inner_text()
    lesson.press("another seed")
    assert lesson.tally.inner_text() != drawn
    lesson.set("draws", 6)
    count, expected = floats(lines(lesson.tally)[1])
    assert abs(count - expected) < 300
    assert abs(expected - 10_000 * float(logits.softmax(-1).max())) < 1
    lesson.board.get_by_role("listbox").focus()
    lesson.page.keyboard.press("ArrowDown")
    expect(lesson.rows.nth(1)).to_have_attribute("aria-selected", "true")
    lesson.board.get_by_role("radio").nth(1).click()
    second = trace.logits[0, 1].softmax(-1)
    assert agrees(lesson.shares()[0], float(second.max()))
    lesson.page.wait_for_function(
        "() => { const at = new URL(location).searchParams;"
        " return at.get('token') == '2' && at.get('temperature') == '1' }"
    )
    assert lesson.page.evaluate("window.messagesSent") == 0


def test_an_address_is_mended_to_what_is_used(visit):
    lesson = Lesson(visit(f"predict?text={CAT}&temperature=77&top_p=0.333&draws=250"))
    expect(lesson.board.get_by_role("slider", name="temperature")).to_have_value("2")
    lesson.page.wait_for_function(
        "() => { const at = new URL(location).searchParams; return at.get('temperature') == '2'"
        " && at.get('top_p') == '0.33' && at.get('draws') == '300' }"
    )


def test_the_curve_says_what_the_first_so_many_tokens_hold(visit):
    lesson = Lesson(visit(f"predict?text={CAT}&token=5"))
    _, trace = model_and_trace("fable-classic", CAT)
    held = trace.logits[0, 4].softmax(-1).sort(descending=True).values.cumsum(0)
    curve = lesson.board.get_by_role("img", name="tokens hold half")
    half, most = (int((held < share).sum()) + 1 for share in (0.5, 0.99))
    assert floats(curve.get_attribute("aria-label"))[:2] == [half, most]
    curve.scroll_into_view_if_needed()
    curve.hover()
    said = curve.get_by_text("the first").text_content()
    rank, percent = floats(said)
    assert abs(percent / 100 - float(held[int(rank) - 1])) < 0.006


def test_surprise_and_new_sentence(visit):
    lesson = Lesson(visit(f"predict?text={CAT}"))
    finding, sentence = lesson.finding.inner_text(), "Tom had a red ball"
    field = lesson.page.get_by_role("textbox", name="Your sentence")
    field.fill(sentence)
    field.press("Enter")
    expect(lesson.finding).not_to_have_text(finding)
    _, trace = model_and_trace("fable-classic", sentence)
    ids = trace.token_ids[0]
    expect(lesson.words).to_have_count(len(ids))
    nats = -trace.logits[0].log_softmax(-1)[range(len(ids) - 1), ids[1:]]
    stats = lesson.surprise.get_by_role("definition").all_inner_texts()
    assert agrees(stats[0], float(nats.mean()))
    assert agrees(stats[1], float(nats.mean().exp()), slack=0.01)
    for i, value in enumerate(nats.tolist(), 1):
        assert agrees(lines(lesson.words.nth(i))[-1], value)
        said = lesson.words.nth(i).get_attribute("aria-label")
        assert agrees(said.rpartition(", ")[2], value)
    lesson.words.nth(2).hover()
    expect(lesson.surprise.get_by_role("heading", level=4)).to_contain_text("had")
    way_on = lesson.page.locator(".st-key-way-on").get_by_role("link").last
    way_on.click()
    expect(lesson.page).not_to_have_url(re.compile("/predict"))
    expect(field).to_have_value(sentence)


def test_writing_uses_the_sliders_and_can_be_stepped_and_taken(visit):
    seed = unused_and_long("fable-classic", 8, Sampling(), Sampling(temperature=0.5))
    lesson = Lesson(visit(f"predict?text={CAT}&sample_length=8&sample_seed={seed}", motion=True))
    writing = lesson.writing
    step = writing.get_by_role("slider", name="Step", exact=True)
    cache = writing.get_by_role("img", name="Keys and values")
    written = writing.get_by_role("button").and_(writing.get_by_title(re.compile(r"^step \d")))
    expect(written).to_have_count(UNASKED)
    writing.get_by_role("button", name="Write on").click()
    expect(written).to_have_count(8)
    expect(writing.get_by_role("button", name="Write", exact=True)).to_be_visible()
    lesson.set("temperature", 0.5)
    writing.get_by_role("button", name="Write with these").click()
    loaded, trace = model_and_trace("fable-classic", CAT)
    ids = trace.token_ids[0].tolist()
    steps = list(generate(loaded.model, ids, Sampling(temperature=0.5), 8, seed=seed))
    new = [step.token_id for step in steps]
    expect(writing.get_by_role("paragraph").first).to_contain_text(loaded.tokenizer.decode(new[:3]))
    expect(written).to_have_count(8)
    expect(writing.get_by_role("button", name="Write", exact=True)).to_be_visible()
    writing.get_by_role("button", name="pause").click()
    step.fill("2")
    expect(writing.get_by_text("step 2 of 8")).to_be_visible()
    lesson.page.evaluate(COUNT_MESSAGES)
    writing.get_by_role("button", name="One step forward").click()
    expect(writing.get_by_text("step 3 of 8")).to_be_visible()
    assert agrees(writing.locator(".p.chosen").inner_text(), steps[2].probability)
    spent = lines(writing.locator(".work"))
    assert spent[1::2] == ["with the cache", "without it"]
    assert [floats(each)[0] for each in spent[2::2]] == [
        len(ids) + 2,
        sum(range(len(ids), len(ids) + 3)),
    ]
    expect(cache).to_have_attribute("aria-label", re.compile(r"in this step: 1 position\."))
    writing.get_by_role("checkbox", name="without the cache").check()
    again = f"computes {len(ids) + 2} positions again"
    expect(writing.get_by_role("heading", name=again)).to_be_visible()
    assert lesson.page.evaluate("window.messagesSent") == 0
    writing.get_by_role("button", name="take 3 tokens into my text").click()
    expect(lesson.board.get_by_role("radio")).to_have_count(len(ids) + 3)
    assert ".".join(map(str, new[:3])) in lesson.page.url


@real_model
def test_the_real_model_writes_on_a_press_until_it_is_stopped_or_left(visit):
    ordered = f"model=smollm2&sample_length=64&sample_seed={unused()}"
    lesson = Lesson(visit(f"predict?text={CAT}&{ordered}"))
    written = lesson.writing.get_by_title(re.compile(r"^step \d"))
    expect(written).to_have_count(UNASKED)
    lesson.writing.get_by_role("button", name="Write on").click()
    stop = lesson.writing.get_by_role("button", name="Stop")
    expect(lesson.writing.get_by_title(f"step {UNASKED + 1}", exact=True)).to_be_visible()
    stop.click()
    lesson.visit.settle(quiet_ms=2000)  # what was being written still comes
    n = written.count()
    assert UNASKED < n < 64
    lesson.page.evaluate(COUNT_MESSAGES)
    lesson.visit.settle()
    assert (written.count(), lesson.page.evaluate("window.messagesSent")) == (n, 0)
    lesson.writing.get_by_role("button", name="Write on").click()
    expect(stop).to_be_visible()
    field = lesson.page.get_by_role("textbox", name="Your sentence")
    field.fill("Another text")
    field.press("Enter")
    expect(lesson.finding).to_contain_text("text")
    expect(lesson.writing.get_by_role("button", name="Write on")).to_be_visible()
    expect(written).to_have_count(UNASKED)


def test_the_check_can_be_failed_and_passed(visit):
    lesson = Lesson(visit(f"predict?text={CAT}"))
    verdicts = []
    right = lesson.page.get_by_test_id("stAlertContentSuccess")
    alerts = right.or_(lesson.page.get_by_test_id("stAlertContentError"))
    for answer in lesson.page.locator("[class*='st-key-predict-check-0-'] button").all():
        answer.click()
        expect(alerts).to_have_count(1)
        lesson.visit.settle(200)
        verdicts.append(right.count())
    assert verdicts == [0, 0, 0, 1]
    assert "0 of 4 right" in lesson.page.locator(".st-key-predict-check-head").inner_text()
