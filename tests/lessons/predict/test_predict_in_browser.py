"""Predict: the board shows the model's own shares, answers by itself, and writes what it says."""

import re
from itertools import islice

import numpy as np
from playwright.sync_api import expect

from pages.n1_forward_pass.predict.prediction_board import LISTED
from tests.lessons.at_a_glance.first_screen import COUNT_MESSAGES, agrees, floats, model_and_trace
from transformer_core.generation import Sampling, filter_steps, generate
from transformer_core.lens.prediction import rank_logits
from ui.serving.component import address

CAT = "The cat sat down because she was tired"
SETTINGS = (
    {"temperature": 1.0},
    {"temperature": 0.0},
    {"temperature": 0.0, "top_k": 5, "top_p": 0.5},
    {"temperature": 0.7, "top_p": 0.9},
    {"temperature": 2.0, "top_k": 100, "top_p": 0.8, "min_p": 0.1},
    {"temperature": 1.6, "top_p": 0.99},
    {"temperature": 0.05, "min_p": 1.0},
    {"temperature": 1.3, "top_k": 1, "min_p": 0.3},
)
FILTER = """async ({ module, logits, settings, layout }) => {
  const { filterSteps } = await import(module);
  const z = Float64Array.from(logits), off = { top_k: 0, top_p: 1, min_p: 0 };
  return settings.map((each) => {
    const { steps, n, e, total } = filterSteps(z, layout, { ...off, ...each });
    return { kept: steps.map((step) => step.n), names: steps.map((step) => step.name),
      shares: Array.from(e.subarray(0, n), (x) => x / total) };
  });
}"""
WHOLE = {"exact": 4096, "group": 1}
LOTS = """async ({ module, seed }) => {
  const next = (await import(module)).lots(seed);
  return Array.from({ length: 500 }, next);
}"""


class Board:
    """The lesson's pictures, by role, label or meaning."""

    def __init__(self, visit) -> None:
        self.visit, self.page = visit, visit.page
        self.root = visit.page.locator(".board:has(.list[role=listbox])").first
        self.finding = self.root.locator("h3.finding")
        self.rows = self.root.get_by_role("option")
        self.sums = self.root.locator(".sums")
        self.surprise = visit.page.locator(".board:has(.text)").first
        self.writing = visit.page.locator(".board:has(.write)")
        expect(self.finding).not_to_be_empty()

    def shares(self) -> list[str]:
        return self.rows.locator(".p").all_inner_texts()

    def words(self) -> list[str]:
        return self.rows.locator(".word").all_inner_texts()

    def set(self, name: str, value: float) -> None:
        self.root.get_by_role("slider", name=name).fill(str(value))


def mulberry32(seed: int):
    """The generator once more, after its published C form."""
    whole = 0xFFFFFFFF
    while True:
        seed = (seed + 0x6D2B79F5) & whole
        t = ((seed ^ (seed >> 15)) * (seed | 1)) & whole
        t ^= (t + ((t ^ (t >> 7)) * (t | 61))) & whole
        yield ((t ^ (t >> 14)) & whole) / 2**32


def test_the_browser_filters_and_draws_as_the_core_does(visit):
    board = Board(visit(f"predict?text={CAT}"))
    module = address("prediction_board")
    for model in ("fable-classic", "fable-modern"):
        logits = model_and_trace(model, CAT)[1].logits[0, 4]
        ordered = logits.sort(descending=True).values.tolist()
        found = board.page.evaluate(
            FILTER, {"module": module, "logits": ordered, "settings": SETTINGS, "layout": WHOLE}
        )
        for setting, seen in zip(SETTINGS, found, strict=True):
            steps = filter_steps(logits, Sampling(**setting))
            assert seen["names"] == [step.name for step in steps]
            assert seen["kept"] == [int(step.kept.sum()) for step in steps]
            shares = steps[-1].probabilities.sort(descending=True).values[: seen["kept"][-1]]
            np.testing.assert_allclose(seen["shares"], shares, rtol=2e-4, atol=1e-7)
    # A large vocabulary's tail comes in groups: the same sums, cuts to within a group.
    ranking = rank_logits(logits[None], n_exact=64, n_groups=300)
    grouped = [*ranking.first[0].tolist(), *ranking.rest[0].tolist()]
    layout = {"exact": 64, "group": ranking.group}
    settings = [{"temperature": 1.5, "top_p": 0.95}, {"temperature": 0.8, "top_k": 30}]
    asked = {"module": module, "logits": grouped, "settings": settings, "layout": layout}
    for setting, seen in zip(settings, board.page.evaluate(FILTER, asked), strict=True):
        step = filter_steps(logits, Sampling(**setting))[-1]
        n = seen["kept"][-1]
        kept = n if n <= 64 else 64 + (n - 64) * ranking.group
        assert abs(kept - int(step.kept.sum())) <= ranking.group
        assert abs(seen["shares"][0] / float(step.probabilities.max()) - 1) < 2e-3
    for seed in (0, 1, 9_999):
        lots = board.page.evaluate(LOTS, {"module": module, "seed": seed})
        assert lots == list(islice(mulberry32(seed), 500))


def test_shares_on_screen_are_the_models_and_sliders_ask_nobody(visit):
    board = Board(visit(f"predict?text={CAT}&model=fable-modern&temperature=0.8&top_k=5&token=5"))
    loaded, trace = model_and_trace("fable-modern", CAT)
    logits = trace.logits[0, 4]
    wanted = filter_steps(logits, Sampling(temperature=0.8, top_k=5))[-1].probabilities
    best = logits.topk(LISTED)
    pieces = loaded.tokenizer.pieces(best.indices.tolist())
    assert board.words() == [piece.strip() or "␣" for piece in pieces]
    for shown, token_id in zip(board.shares()[:5], best.indices.tolist(), strict=False):
        assert agrees(shown, float(wanted[token_id]))
    assert board.shares()[5:] == ["cut"] * (LISTED - 5)
    assert "5 of 4,096" in board.finding.inner_text()
    assert "top-k 5" in board.root.locator(".list .line").inner_text()

    board.page.evaluate(COUNT_MESSAGES)
    board.rows.nth(2).hover()
    expect(board.sums).to_contain_text(board.words()[2])
    results = board.sums.locator(".result").all_inner_texts()
    assert agrees(results[0], float(best.values[2]))
    assert agrees(results[1], float((best.values[2] - best.values[0]) / 0.8), slack=0.01)
    assert agrees(results[3], float(wanted[best.indices[2]]))
    board.set("top-k", 31)  # the last stop: off
    board.set("temperature", 2)
    hot = filter_steps(logits, Sampling(temperature=2))[-1].probabilities
    assert agrees(board.shares()[0], float(hot.max()))
    board.root.get_by_role("button", name="greedy").click()
    assert board.shares() == ["100 %"] + ["0 %"] * (LISTED - 1)
    board.root.get_by_role("button", name="as it is").click()
    tally = board.root.locator(".tally").inner_text()
    board.root.get_by_role("button", name="another seed").click()
    assert board.root.locator(".tally").inner_text() != tally
    board.set("draws", 6)
    count, expected = floats(board.root.locator(".tally .num").first.inner_text())
    assert abs(count - expected) < 300
    assert abs(expected - 10_000 * float(logits.softmax(-1).max())) < 1
    board.root.locator(".list").focus()
    board.page.keyboard.press("ArrowDown")
    expect(board.rows.nth(1)).to_have_attribute("aria-selected", "true")
    board.root.get_by_role("radio").nth(1).click()
    second = trace.logits[0, 1].softmax(-1)
    assert agrees(board.shares()[0], float(second.max()))
    board.page.wait_for_function(
        "() => { const at = new URL(location).searchParams;"
        " return at.get('token') == '2' && at.get('temperature') == '1' }"
    )
    assert board.page.evaluate("window.messagesSent") == 0


def test_surprise_and_new_sentence(visit):
    board = Board(visit(f"predict?text={CAT}"))
    finding, sentence = board.finding.inner_text(), "Tom had a red ball"
    field = board.page.get_by_role("textbox", name="Your sentence")
    field.fill(sentence)
    field.press("Enter")
    expect(board.finding).not_to_have_text(finding)
    board.visit.settle(200)
    _, trace = model_and_trace("fable-classic", sentence)
    ids = trace.token_ids[0]
    nats = -trace.logits[0].log_softmax(-1)[range(len(ids) - 1), ids[1:]]
    stats = board.surprise.locator("dd b").all_inner_texts()
    assert agrees(stats[0], float(nats.mean()))
    assert agrees(stats[1], float(nats.mean().exp()), slack=0.01)
    words = board.surprise.locator(".word")
    assert words.count() == len(ids)
    for i, value in enumerate(nats.tolist(), 1):
        assert agrees(words.nth(i).locator(".bits").inner_text(), value)
    words.nth(2).hover()
    expect(board.surprise.locator(".expected h4")).to_contain_text("had")
    board.page.get_by_role("link", name="Scaling").last.click()
    expect(board.page).to_have_url(re.compile("scaling"))
    expect(field).to_have_value(sentence)


def test_writing_uses_the_sliders_and_can_be_stepped_and_taken(visit):
    board = Board(visit(f"predict?text={CAT}&sample_length=8&sample_seed=3"))
    writing, go = board.writing, board.writing.locator(".go")
    expect(writing.locator(".story button")).to_have_count(8)
    board.set("temperature", 0.5)
    expect(go).to_have_text("Write with these")
    go.click()
    loaded, trace = model_and_trace("fable-classic", CAT)
    ids = trace.token_ids[0].tolist()
    steps = list(generate(loaded.model, ids, Sampling(temperature=0.5), 8, seed=3))
    new = [step.token_id for step in steps]
    expect(writing.locator(".story")).to_contain_text(loaded.tokenizer.decode(new[:3]))
    expect(go).to_have_text("Write")
    board.visit.settle(200)
    writing.locator(".play").click()  # pause
    writing.locator(".time").fill("2")
    expect(writing.locator(".at")).to_have_text("step 2 of 8")
    board.page.evaluate(COUNT_MESSAGES)
    writing.locator(".forward").click()
    assert agrees(writing.locator(".step .p.chosen").inner_text(), steps[2].probability)
    spent = writing.locator(".work b").all_inner_texts()
    assert [floats(each)[0] for each in spent] == [
        len(ids) + 2,
        sum(range(len(ids), len(ids) + 3)),
    ]
    expect(writing.locator(".memory h4")).to_contain_text("computes 1 position")
    writing.locator(".without").check()
    expect(writing.locator(".memory h4")).to_contain_text(f"{len(ids) + 2} positions")
    assert board.page.evaluate("window.messagesSent") == 0
    writing.locator(".take").click()
    expect(board.root.get_by_role("radio")).to_have_count(len(ids) + 3)
    assert ".".join(map(str, new[:3])) in board.page.url


def test_the_check_can_be_failed_and_passed(visit):
    board = Board(visit(f"predict?text={CAT}"))
    verdicts = []
    for answer in board.page.locator("[class*='st-key-predict-check-0-'] button").all():
        answer.click()
        board.visit.settle(200)
        verdicts.append(board.page.get_by_test_id("stAlertContentSuccess").count())
    assert verdicts == [0, 0, 0, 1]
    assert "0 of 3 right" in board.page.locator(".st-key-predict-check-head").inner_text()
