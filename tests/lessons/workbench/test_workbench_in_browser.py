"""The workbench as a reader uses it: two models, an edit, an impossible one, a copied link."""

import re

from playwright.sync_api import expect

from tests.blueprints import BY_NAME
from tests.lessons.at_a_glance.first_screen import COUNT_MESSAGES, TWO_FRAMES
from transformer_core.laws.parameters import count_active, count_parameters


class Workbench:
    """Its pictures, by role or meaning."""

    def __init__(self, visit) -> None:
        self.visit, self.page = visit, visit.page
        self.left = self.page.get_by_role("combobox", name="left configuration")
        self.root = self.page.locator(".board", has=self.left)
        expect(self.root).to_have_attribute("data-drawn", re.compile(r"\d"))
        self.finding = self.root.get_by_role("heading", level=3).first

    def setting(self, name: str, side: str = "left"):
        return self.root.get_by_label(f"{name}, {side}", exact=True)

    def totals(self) -> list[str]:
        return self.root.locator(".parameters .total b").all_inner_texts()


def total(name: str) -> str:
    return f"{count_parameters(BY_NAME[name]).total:,}"


def test_two_published_models_in_every_consequence(visit):
    bench = Workbench(visit("workbench?left=mistral-7b&right=mixtral-8x7b"))
    assert bench.totals() == [total("mistral-7b"), total("mixtral-8x7b")]
    met = bench.root.locator(".parameters tr", has_text="met by one token")
    expect(met).to_contain_text(f"{count_active(BY_NAME['mixtral-8x7b']):,}")
    equals = "equals the published weights to the last digit"
    expect(bench.root.get_by_text(equals)).to_have_count(2)
    drawn = bench.root.locator(".part-mlp .experts")
    counted = [drawn.locator(kind).get_attribute("d").count("M") for kind in (".on", ".off")]
    assert counted == [2, 6]
    expect(bench.root.locator(".part-mlp mark").first).to_be_visible()
    assert bench.root.locator(".part-norm-1 mark").count() == 0  # the same norm on both sides


def test_an_edit_is_answered_at_once_and_stays_in_the_address(visit):
    bench = Workbench(visit("workbench?left=gpt2&right=gpt2"))
    expect(bench.finding).to_contain_text("No setting differs")
    bench.page.evaluate(COUNT_MESSAGES)
    layers = bench.setting("layers")
    layers.fill("24")
    bench.page.evaluate(TWO_FRAMES)
    expect(bench.finding).to_contain_text("1 setting differs")
    expect(layers).to_be_focused()
    found = int(bench.totals()[0].replace(",", ""))
    small = count_parameters(BY_NAME["gpt2"])
    assert found - small.total == 12 * 7_087_872  # a block of GPT-2 small
    layers.press("ArrowUp")
    expect(layers).to_have_value("25")
    layers.press("ArrowDown")
    bench.setting("norm").select_option("RMSNorm")
    expect(bench.finding).to_contain_text("2 settings differ")
    bench.page.wait_for_function("location.search.includes('rms_norm')")
    assert bench.page.evaluate("window.messagesSent") == 0
    address = bench.page.url
    bench.page.goto(address)
    bench.visit.settle()
    again = Workbench(bench.visit)
    expect(again.finding).to_contain_text("2 settings differ")
    expect(again.setting("layers")).to_have_value("24")
    again.root.get_by_role("button", name="undo 2 edits").click()
    assert again.totals() == [total("gpt2")] * 2


def test_what_cannot_be_built_is_told_and_nothing_is_lost(visit):
    bench = Workbench(visit("workbench?left=gpt2&right=llama-3-8b"))
    heads, told = bench.setting("heads"), bench.root.locator(".told-problem")
    for typed, said in (
        ("7", "n_heads = 7 does not divide d_model = 768"),
        ("0", "n_heads is 0. It must be a whole number from 1 to 10,000"),
        ("9" * 12, "n_heads is 999,999,999,999"),
        ("many", "n_heads is “many”"),
        ("", "n_heads is empty"),
    ):
        heads.fill(typed)
        expect(told).to_contain_text(said)
        expect(told).to_contain_text("The last configuration that was possible is still shown")
        expect(heads).to_have_value(typed)
        expect(heads).to_have_attribute("aria-invalid", "true")
        assert bench.totals() == [total("gpt2"), total("llama-3-8b")]
    heads.fill("16")
    expect(told).to_be_empty()
    expect(bench.setting("key-value heads")).to_have_value("16")


def test_rows_and_code_follow_the_kind_of_model(visit):
    bench = Workbench(visit("workbench?left=gpt2&right=deepseek-v3"))
    expect(bench.setting("rank of keys, values", "right")).to_have_value("512")
    expect(bench.setting("chosen experts", "right")).to_have_value("8")
    bench.root.get_by_text("The same two configurations as code").click()
    code = bench.root.get_by_label("Code of DeepSeek-V3")
    expect(code).to_contain_text("n_parameters = sum(")
    expect(code).to_contain_text("671_026_419_200")
    bench.root.get_by_role("combobox", name="right configuration").select_option("Llama 3 8B")
    expect(bench.setting("rank of keys, values", "right")).to_have_count(0)
    bench.root.get_by_role("radio", name="8-bit").click()
    weights = f"{8_030_261_248 / 2**30:.2f} GiB"
    expect(bench.root.locator(".memories")).to_contain_text(weights)


def test_an_answer_sends_the_picture(visit):
    bench = Workbench(visit("workbench"))
    bench.page.locator(".st-key-workbench-check-1-0 button").click()
    expect(bench.page.get_by_test_id("stAlertContentSuccess")).to_contain_text("4 times as large")
    expect(bench.finding).to_contain_text("Llama 3 8B (edited)")
    expect(bench.setting("key-value heads", "right")).to_have_value("32")


def test_a_phone_shows_all_of_it_without_sideways_scrolling(visit):
    bench = Workbench(visit("workbench?left=gpt2&right=deepseek-v3", size="phone"))
    wide = bench.page.evaluate("document.scrollingElement.scrollWidth - innerWidth")
    assert wide <= 0
    expect(bench.root.get_by_text("Latent attention", exact=True)).to_be_visible()
