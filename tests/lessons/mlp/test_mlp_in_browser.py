"""MLP: the pictures show the run's own numbers, answer by themselves, and ask where they must."""

import re

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
from transformer_core.feed_forward import ACTIVATIONS
from transformer_core.lens.neurons import knocked_out, with_activation

CAT = "The cat sat down because she was tired"
LONG = "Tom had a red ball. Sue had a blue ball. Tom liked his ball but Sue liked hers more."


class Lesson:
    """The lesson's pictures, by role, label or meaning."""

    def __init__(self, visit) -> None:
        self.visit, self.page = visit, visit.page
        self.boards = visit.page.locator(".board")
        self.board = self.boards.filter(has=visit.page.get_by_role("group"))
        self.curves = self.boards.filter(has=visit.page.get_by_role("slider"))
        self.knockout = self.boards.filter(
            has=visit.page.get_by_role("button", name="the whole MLP")
        )
        self.collapse = self.boards.filter(
            has=visit.page.get_by_role("table", name="Without the bend")
        )
        self.finding = self.board.get_by_role("heading", level=3)
        self.path = self.board.get_by_role("group")
        self.sheet = self.board.get_by_role("img", name=re.compile("^Activations of"))
        self.arithmetic = self.board.get_by_text(re.compile(r"^Neuron [\d.]+ on “"))
        for board in (self.board, self.knockout, self.collapse):
            expect(board).to_have_attribute("data-drawn", re.compile(r"\d+"))

    def open_curves(self) -> None:
        self.visit.open_fold()
        expect(self.curves).to_have_attribute("data-drawn", re.compile(r"\d+"))

    def choose(self, group: str, name: str) -> None:
        self.board.get_by_role("radiogroup", name=group, exact=True).get_by_role(
            "radio", name=name, exact=True
        ).click()

    def columns(self) -> list[int]:
        """Neurons of the sheet that carry a label."""
        return [int(text) for text in self.board.locator(".col-labels span").all_inner_texts()]

    def neuron(self) -> int:
        """The neuron looked at, counted from 0."""
        title = self.board.get_by_role("heading", level=4, name=re.compile("^Neuron "))
        return int(title.inner_text().split(".")[1]) - 1

    def odds(self) -> list[str]:
        """The likeliest next token: as trained, with something taken out, the points between."""
        cells = self.knockout.get_by_role("row").nth(1).get_by_role("cell").all_inner_texts()
        return [cells[2], cells[5], cells[6]]


@pytest.mark.parametrize("model", ["fable-classic", "fable-modern"])
def test_pictures_show_the_models_own_numbers(visit, model):
    lesson = Lesson(visit(f"mlp?text={CAT}&model={model}&layer=2&token=7"))
    lesson.open_curves()
    loaded, trace = model_and_trace(model, CAT)
    steps = trace.blocks[1].feed_forward
    hidden = steps.hidden[0, 6]
    strongest = int(hidden.abs().argmax())
    assert f"neuron 2.{strongest + 1} is the strongest" in lesson.finding.inner_text()
    quiet = int((hidden.abs() < 0.1 * hidden.abs().max()).sum())
    activation, rest = lesson.finding.inner_text().split("activation is ")[1].split(". ", 1)
    assert agrees(activation, float(hidden[strongest]))
    assert floats(rest)[0] == quiet
    pointed = lesson.arithmetic.first.inner_text().split(":")[1]
    assert agrees(pointed.split("(")[1], float(steps.pre_activation[0, 6, strongest]))
    assert agrees(re.split("[=≈]", pointed)[-1], float(hidden[strongest]))

    n, labels = trace.token_ids.shape[1], lesson.columns()
    box = lesson.sheet.bounding_box()
    lesson.sheet.hover(position={"x": 5, "y": box["height"] * 2.5 / n})
    said = lesson.arithmetic.last.inner_text()
    assert f"2.{labels[0]} on “sat”" in said
    assert agrees(
        re.split("[=≈]", said.split("\n")[0])[-1], float(steps.hidden[0, 2, labels[0] - 1])
    )

    with torch.inference_mode():
        after = knocked_out(loaded.model, trace, 1, None, 6).softmax(-1)
        network = loaded.model.blocks[1].feed_forward
        relu = with_activation(network, steps, "relu")[0, 6]
    before = trace.logits[0, 6].softmax(-1)
    first = before.argmax()
    was, then, points = lesson.odds()
    assert agrees(was, float(before[first]), slack=1e-4)
    assert agrees(then, float(after[first]), slack=1e-4)
    assert agrees(points, 100 * float(after[first] - before[first]), slack=1e-4)
    expect(lesson.knockout.get_by_role("cell", name="≈ points")).to_be_visible()
    real = steps.output[0, 6]
    moved = float((relu - real).norm() / real.norm())
    swapped = lesson.curves.get_by_text("moves by").first.inner_text()
    assert agrees(swapped.split("moves by")[1].split("of")[0], moved, slack=1e-4)


def test_choosing_asks_the_server_nothing(visit):
    lesson = Lesson(visit(f"mlp?text={CAT}&layer=3&token=6"))
    lesson.open_curves()
    lesson.page.evaluate(COUNT_MESSAGES)
    for board in (lesson.knockout, lesson.collapse):
        board.evaluate("board => board.remove()")  # they run the model again
    finding, sheet, curves = lesson.finding.inner_text(), pixels(lesson.sheet), lesson.curves
    lesson.choose("Layer", "layer 5")
    expect(lesson.finding).not_to_have_text(finding)
    expect(curves.get_by_role("heading", level=3)).to_contain_text("layer 5")
    assert pixels(lesson.sheet) != sheet
    lesson.choose("Token", "cat")
    expect(lesson.finding).to_contain_text("“cat”")
    expect(curves.get_by_text("moves by").first).to_contain_text("“cat”")

    lesson.path.focus()
    first = lesson.neuron()
    lesson.page.keyboard.press("ArrowRight")
    assert lesson.neuron() != first
    lesson.page.keyboard.press("ArrowDown")
    expect(lesson.finding).to_contain_text("“sat”")
    lesson.page.keyboard.press("-")
    expect(lesson.finding).to_contain_text("layer 4")
    strip = lesson.board.get_by_role("img", name=re.compile("^hidden:")).locator("path")
    sorted_bars = strip.get_attribute("d")
    lesson.board.get_by_role("checkbox", name="sort the neurons").uncheck()
    assert strip.get_attribute("d") != sorted_bars
    curves.locator("svg").first.hover(position={"x": 80, "y": 60})
    read = curves.get_by_text(re.compile(r"^f\(")).all_inner_texts()
    for said, name in zip(read, ("relu", "gelu_tanh", "swiglu"), strict=True):
        x, value, slope = floats(said)
        at = torch.tensor(x, requires_grad=True)
        ACTIVATIONS[name](at).backward()
        assert -4 < x < -1.2
        assert agrees(f"{value:.2f}", float(ACTIVATIONS[name](at.detach())), slack=1e-6)
        assert agrees(f"{slope:.2f}", float(at.grad), slack=1e-6)
    lesson.page.wait_for_function(
        "() => { const at = new URL(location).searchParams;"
        " return at.get('layer') == '4' && at.get('token') == '3' }"
    )
    assert lesson.page.evaluate("window.messagesSent") == 0


def test_taking_out_runs_the_model_again(visit):
    lesson = Lesson(visit(f"mlp?text={CAT}&layer=3&token=6"))
    lesson.choose("Layer", "layer 2")
    lesson.choose("Token", "down")
    finding = lesson.knockout.get_by_role("heading", level=3)
    expect(finding).to_contain_text("Without the MLP of layer 2, the probability of")
    expect(lesson.knockout).to_have_attribute("aria-busy", "false")
    loaded, trace = model_and_trace("fable-classic", CAT)
    with torch.inference_mode():
        after = knocked_out(loaded.model, trace, 1, None, 3).softmax(-1)
    first = float(after[trace.logits[0, 3].argmax()])
    assert agrees(finding.inner_text().split(" to ")[1], first, slack=1e-4)
    assert agrees(lesson.odds()[1], first, slack=1e-4)
    neuron = lesson.neuron()
    lesson.knockout.get_by_role("button", name=f"neuron 2.{neuron + 1}").click()
    expect(finding).to_contain_text(f"Without neuron 2.{neuron + 1}")
    lesson.choose("Layer", "layer 6")
    expect(finding).to_contain_text(f"Without neuron 6.{lesson.neuron() + 1}")


def test_the_bend_taken_out_follows_the_picture(visit):
    lesson = Lesson(visit(f"mlp?text={CAT}&layer=3&token=6"))
    loaded, trace = model_and_trace("fable-classic", CAT)

    def gap(layer: int, a: int, b: int) -> float:
        block, network = trace.blocks[layer], loaded.model.blocks[layer].feed_forward
        x, out = block.feed_forward_norm[0], block.feed_forward.output[0]
        with torch.inference_mode():
            moved = network((x[a] + x[b]) / 2) - (out[a] + out[b]) / 2
        return float(moved.norm() / (out[a] + out[b]).norm() * 2)

    said = lesson.collapse.get_by_text("The two differ by")
    assert agrees(said.inner_text().split("by ")[1].split("of")[0], gap(2, 5, 4), slack=1e-3)
    lesson.choose("Layer", "layer 5")
    expect(lesson.collapse.get_by_role("heading", level=3)).to_contain_text("layer 5")
    expect(lesson.collapse).to_have_attribute("aria-busy", "false")
    assert agrees(said.inner_text().split("by ")[1].split("of")[0], gap(4, 5, 4), slack=1e-3)


def test_a_long_text_fetches_each_layer(visit):
    lesson = Lesson(visit(f"mlp?text={LONG}&layer=3"))
    lesson.choose("Layer", "layer 5")
    expect(lesson.finding).to_contain_text("layer 5")
    _, trace = model_and_trace("fable-classic", LONG)
    strongest = int(trace.blocks[4].feed_forward.hidden[0, -1].abs().argmax())
    expect(lesson.finding).to_contain_text(f"neuron 5.{strongest + 1}")


def test_new_sentence_the_check_and_the_way_on(visit):
    lesson = Lesson(visit(f"mlp?text={CAT}"))
    sheet, finding = pixels(lesson.sheet), lesson.finding.inner_text()
    field = lesson.page.get_by_role("textbox", name="Your sentence")
    field.fill("Tom had a red ball")
    field.press("Enter")
    expect(lesson.finding).not_to_have_text(finding)
    expect(lesson.finding).to_contain_text("“ball”")
    assert pixels(lesson.sheet) != sheet
    verdicts = []
    for i in range(3):
        lesson.page.locator(f".st-key-mlp-check-0-{i} button").click()
        lesson.visit.settle(200)
        verdicts.append(lesson.page.get_by_test_id("stAlertContentSuccess").count())
    assert verdicts == [0, 0, 1]
    lesson.page.get_by_test_id("stMain").get_by_role("link", name="Residual").last.click()
    lesson.page.wait_for_url("**/residual**")
    expect(field).to_have_value("Tom had a red ball")
