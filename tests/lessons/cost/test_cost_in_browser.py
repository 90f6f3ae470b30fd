"""Cost: formulas follow the hand, the clock waits for a button, the cache is what it keeps."""

import re

import pytest
from playwright.sync_api import expect

from tests.lessons.at_a_glance.first_screen import COUNT_MESSAGES, floats
from transformer_core.laws.costs import crossover, forward_flops, kv_cache_bytes
from transformer_core.presets import PRESETS
from ui.models import load

TEXT = "Tom had a red ball. Sue had a"


class Costs:
    """The lesson's pictures, by role or meaning."""

    def __init__(self, visit) -> None:
        self.visit, self.page = visit, visit.page
        self.length = self.page.get_by_role("slider", name="tokens n")
        self.root = self.page.locator(".board", has=self.length)
        expect(self.root).to_have_attribute("data-drawn", re.compile(r"\d"))
        self.finding, self.cached = self.root.get_by_role("heading", level=3).all()

    def flops(self) -> list[float]:
        """Of the matrices, of scores and mixing, of the unembedding."""
        lines = self.root.locator("div.lines").inner_text().split("\n")
        return [in_flop(line) for line in lines if re.search(r"^(≈ )?[\d.]+ \w?FLOP$", line)]


def in_flop(text: str) -> float:
    units = {"FLOP": 1, "kFLOP": 1e3, "MFLOP": 1e6, "GFLOP": 1e9, "TFLOP": 1e12}
    return floats(text)[0] * units[text.split()[-1]]


@pytest.mark.parametrize("model", ["fable-classic", "fable-modern"])
def test_arithmetic_is_that_of_the_readers_text(visit, model):
    costs = Costs(visit(f"cost?text={TEXT}&model={model}"))
    loaded = load(model)
    n = len(loaded.tokenizer.encode(TEXT))
    expect(costs.finding).to_contain_text(f"At {n} tokens, your text")
    flops = forward_flops(loaded.config, n)
    wanted = [flops.linear, flops.attention, flops.unembedding]
    assert costs.flops() == pytest.approx(wanted, rel=0.006)
    assert round(crossover(loaded.config)) in [round(x) for x in floats(costs.finding.inner_text())]


def test_length_shape_and_cache_ask_nothing_of_the_server(visit):
    costs = Costs(visit(f"cost?text={TEXT}&length=1024"))
    costs.page.evaluate(COUNT_MESSAGES)
    costs.root.get_by_role("radio", name="GPT-2 small").click()
    flops = forward_flops(PRESETS["gpt2"], 1024)
    wanted = [flops.linear, flops.attention, flops.unembedding]
    assert costs.flops() == pytest.approx(wanted, rel=0.006)
    costs.length.focus()
    costs.page.keyboard.press("ArrowRight")
    expect(costs.finding).not_to_contain_text("1,024 tokens")
    costs.root.get_by_role("button", name="length of your text").click()
    own = len(load("fable-classic").tokenizer.encode(TEXT))
    expect(costs.finding).to_contain_text(f"At {own} tokens, a text spends")
    llama = kv_cache_bytes(PRESETS["llama-3-8b"], 4096) / 2**20
    expect(costs.cached).to_contain_text(f"{llama:.0f} MiB")
    costs.root.get_by_role("radio", name="8-bit").click()
    expect(costs.cached).to_contain_text(f"{llama / 2:.0f} MiB")
    more = costs.root.get_by_role("button", name="show all models")
    expect(costs.root.get_by_text("GPT-2 XL")).to_have_count(2)  # the choices, the crossovers
    more.click()
    expect(costs.root.get_by_text("GPT-2 XL")).to_have_count(3)
    expect(costs.root.get_by_role("button", name="show fewer")).to_have_attribute(
        "aria-expanded", "true"
    )
    costs.page.wait_for_function(f"new URL(location).searchParams.get('length') == '{own}'")
    assert costs.page.evaluate("window.messagesSent") == 0


def test_another_text_has_its_own_length(visit):
    costs = Costs(visit(f"cost?text={TEXT}&length=1024"))
    expect(costs.finding).to_contain_text("At 1,024 tokens, a text")
    field = costs.page.get_by_role("textbox", name="Your sentence")
    field.fill("Tom had")
    field.press("Enter")
    n = len(load("fable-classic").tokenizer.encode("Tom had"))
    expect(costs.finding).to_contain_text(f"At {n} tokens, your text")


def test_the_clock_measures_decoding_when_asked(visit):
    costs = Costs(visit(f"cost?text={TEXT}"))
    costs.visit.open_fold()
    costs.page.get_by_role("button", name="Continue your text, with and without cache").click()
    chart = costs.page.locator(".board", has_text="tokens per second")
    expect(chart).to_have_attribute("data-drawn", re.compile(r"\d"), timeout=60_000)
    expect(chart.get_by_text("Both wrote the same tokens")).to_be_visible()
    picture = chart.get_by_role("img", name="Milliseconds per new token")
    assert picture.evaluate("plot => plot.data.length") == 2
    expect(costs.page.get_by_text("How the cache was written")).to_be_visible()


def test_the_check_can_be_failed_and_the_way_leads_back(visit):
    costs = Costs(visit(f"cost?text={TEXT}"))
    for answer, alert in (("1", "Error"), ("0", "Success")):
        costs.page.locator(f".st-key-cost-check-2-{answer} button").click()
        expect(costs.page.get_by_test_id(f"stAlertContent{alert}")).to_contain_text("KiB a token")
    costs.page.locator(".st-key-way-on").get_by_role("link", name="Measured laws").click()
    costs.visit.settle()
    expect(costs.page.get_by_role("textbox", name="Your sentence")).to_have_value(TEXT)
