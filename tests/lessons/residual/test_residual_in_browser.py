"""Residual and Depth: the lane shows the run's own numbers, parts go out, depth is measured."""

import re

import pytest
import torch
from playwright.sync_api import expect

from pages.n1_forward_pass.residual.depth_questions import gradient_question
from pages.n1_forward_pass.residual.residual_questions import square_station
from tests.lessons.at_a_glance.first_screen import COUNT_MESSAGES, agrees, floats, model_and_trace
from transformer_core.lens.prediction import token_losses
from transformer_core.lens.removal import run_without
from transformer_core.lens.residual_stream import pushes, summands

CAT = "The cat sat down because she was tired"
PARTS = "Parts of the model"
FULL = "plot => plot.data.filter(each => !each.opacity).map(each => each.name)"


class Lane:
    """The lesson's picture, by role, label or meaning."""

    def __init__(self, visit) -> None:
        self.visit, self.page = visit, visit.page
        boards = visit.page.locator("[data-drawn]")
        self.root = boards.filter(has=visit.page.get_by_role("radiogroup", name="Token"))
        self.without = boards.filter(has=visit.page.get_by_role("group", name=PARTS))
        self.lane = self.root.get_by_role("group", name="Arrow keys move through layers and tokens")
        self.picture = self.lane.get_by_role("img")
        self.finding = self.root.get_by_role("heading", level=3)
        self.ledger = self.root.get_by_role("table", name="The sum")
        self.norm = self.root.get_by_role("table", name="The norm")
        expect(self.root).to_be_visible()
        expect(self.without).to_be_visible()

    def told(self) -> str:
        """What is said of the column that is pointed at or kept."""
        label = self.lane.get_attribute("aria-label")
        return label.removeprefix(f"{self.finding.inner_text()} ")

    def point(self, station: int, stations: int) -> str:
        box = self.picture.bounding_box()
        column = (box["width"] - 124) / (stations + 1)
        self.picture.hover(position={"x": 124 + (station + 0.5) * column, "y": 150})
        return self.told()

    def chosen(self, group: str) -> str:
        marked = self.root.get_by_role("radiogroup", name=group).get_by_role("radio", checked=True)
        return marked.get_attribute("aria-label")


@pytest.mark.parametrize("model", ["fable-classic", "fable-modern"])
def test_columns_pointed_at_tell_the_models_own_numbers(visit, model):
    lane = Lane(visit(f"residual?text={CAT}&model={model}&layer=2&token=6"))
    loaded, trace = model_and_trace(model, CAT)
    added = summands(trace)[:, 5]
    stream = added.cumsum(0)
    with torch.inference_mode():
        push = pushes(loaded.model, trace, trace.logits[0].argmax(-1))[:, 5]
    first, last = floats(lane.finding.inner_text())[:2]
    assert agrees(str(first), float(stream[0].norm()))
    assert agrees(str(last), float(stream[-1].norm()))
    for station in (1, 4, 12):
        told = floats(lane.point(station, 13).split("adds", 1)[1].replace("°", " "))
        size, _angle, cosine, before, after = told[:5]
        assert size == pytest.approx(float(added[station].norm()), abs=0.06)
        exact = torch.cosine_similarity(added[station], stream[station - 1], dim=0)
        assert cosine == pytest.approx(float(exact), abs=0.006)
        assert before == pytest.approx(float(stream[station - 1].norm()), rel=0.01, abs=0.06)
        assert after == pytest.approx(float(stream[station].norm()), rel=0.01, abs=0.06)
        assert told[-2] == pytest.approx(float(push[station]), abs=0.011)
        assert told[-1] == pytest.approx(float(trace.logits[0, 5].max()), abs=0.011)


def test_norm_and_sum_of_one_number_as_in_the_model(visit):
    lane = Lane(visit(f"residual?text={CAT}&layer=3&token=7"))
    loaded, trace = model_and_trace("fable-classic", CAT)
    strip = lane.ledger.get_by_role("row").nth(2).get_by_role("cell").nth(1)
    box = strip.bounding_box()
    strip.hover(position={"x": box["width"] * 40.5 / 192, "y": box["height"] / 2})
    rows = lane.ledger.get_by_role("row").all()[1:]
    column = [floats(row.get_by_role("cell").nth(2).inner_text())[0] for row in rows]
    exact = summands(trace)[:, 6, 40]
    assert column[:-1] == pytest.approx(exact.tolist(), abs=0.02)
    assert column[-1] == pytest.approx(float(exact.sum()), abs=0.03)
    norm = loaded.model.blocks[2].feed_forward_norm
    with torch.inference_mode():
        expected = float(norm(trace.blocks[2].resid_mid)[0, 6, 40])
    assert lane.norm.get_by_role("columnheader").all_inner_texts()[2] == "no. 41"
    line = lane.root.get_by_text(re.compile(r"^no\. 41:")).inner_text()
    assert floats(line)[-1] == pytest.approx(expected, abs=0.01)


def test_lane_answers_hand_and_keys_by_itself(visit):
    lane = Lane(visit(f"residual?text={CAT}&layer=3&token=6"))
    lane.page.evaluate(COUNT_MESSAGES)
    shown = lane.finding.inner_text()
    lane.lane.focus()
    for key in ("ArrowUp", "ArrowRight", "ArrowRight"):
        lane.page.keyboard.press(key)
    assert lane.chosen("Token") == "because"
    assert lane.told().startswith("Layer 4’s MLP")
    assert shown != lane.finding.inner_text()
    pushed = lane.told()
    lane.root.get_by_role("radio", name=re.compile("^logit of")).focus()
    lane.page.keyboard.press("ArrowRight")
    expect(lane.root.get_by_role("radio", name=re.compile("^lead over"))).to_be_focused()
    assert lane.chosen("Push").startswith("lead over")
    assert lane.told() != pushed
    before = lane.ledger.inner_html()
    lane.root.get_by_role("checkbox", name="enlarge each row").check()
    assert lane.ledger.inner_html() != before
    lane.page.wait_for_function(
        "() => { const at = new URL(location).searchParams;"
        " return at.get('layer') == '4' && at.get('token') == '5' }"
    )
    assert lane.page.evaluate("window.messagesSent") == 0
    finding = lane.finding.inner_text()
    lane.page.get_by_role("textbox", name="Your sentence").fill("Tom had a red ball")
    expect(lane.finding).not_to_have_text(finding)


def test_parts_taken_out_change_the_loss_and_go_back_in(visit):
    lane = Lane(visit(f"residual?text={CAT}"))
    loaded, trace = model_and_trace("fable-classic", CAT)
    board = lane.without
    finding = board.get_by_role("heading", level=3)
    intact = finding.inner_text()

    def loss(*parts) -> float:
        with torch.inference_mode():
            _, logits = run_without(loaded.model, trace.embedded, frozenset(parts))
            return float(token_losses(logits[0], trace.token_ids[0]).mean())

    assert agrees(f"{floats(intact)[-1]}", loss())
    lane.page.evaluate(COUNT_MESSAGES)
    cell = board.get_by_role("button", name="the skip connection around layer 3’s attention")
    cell.hover()
    alone = loss(("attention_skip", 2))
    pointed = board.get_by_text("Without the skip connection around").inner_text()
    assert floats(pointed.split("loss is")[1])[0] == pytest.approx(alone, abs=0.006)
    assert agrees(cell.inner_text(), alone - loss())
    assert lane.page.evaluate("window.messagesSent") == 0
    cell.click()
    expect(finding).to_contain_text("One part switched off")
    assert floats(finding.inner_text())[-1] == pytest.approx(alone, abs=0.006)
    expect(cell).to_have_attribute("aria-pressed", "true")
    board.get_by_role("button", name="the norm before layer 5’s MLP").click()
    expect(finding).to_contain_text("2 parts switched off")
    both = loss(("attention_skip", 2), ("feed_forward_norm", 4))
    assert floats(finding.inner_text())[-1] == pytest.approx(both, abs=0.006)
    lane.page.wait_for_function("() => new URL(location).searchParams.get('removed') == 'as3.mn5'")
    lane.page.reload()
    expect(finding).to_contain_text("2 parts switched off")
    board.get_by_role("button", name="Switch everything on").click()
    expect(finding).to_have_text(intact)
    row = board.get_by_role("button", name="its norm").last
    row.click()
    expect(finding).to_contain_text("6 parts switched off")
    row.click()
    expect(finding).to_contain_text("With all parts on")


def test_depth_is_measured_the_check_can_be_failed_and_the_way_goes_on(visit):
    page = visit(f"depth?text={CAT}").page
    gradients = page.get_by_role("heading", name="post-norm’s gradient is")
    arriving = page.get_by_role("heading", name="with neither skips nor norms")
    expect(gradients).to_contain_text("At layer 12")
    expect(arriving).to_contain_text("From layer 12 back to the embedding")
    page.get_by_role("slider", name=re.compile("^Layers")).press("ArrowRight")
    expect(gradients).to_contain_text("At layer 16")
    expect(arriving).to_contain_text("From layer 16 back to the embedding")
    for i, option in enumerate(gradient_question().options):
        page.locator(f".st-key-depth-check-0-{i} button").click()
        kind = "Success" if option.right else "Error"
        expect(page.get_by_test_id(f"stAlertContent{kind}")).to_be_visible()
    measured = arriving.inner_text()
    field = page.get_by_role("textbox", name="Your sentence")
    field.fill("Tom had a red ball")
    field.press("Enter")
    expect(arriving).not_to_have_text(measured)
    page.get_by_role("link", name="Length").last.click()
    expect(page).to_have_url(re.compile("/length"))
    expect(field).to_have_value("Tom had a red ball")
    expect(page.get_by_role("heading", name="would leave")).to_contain_text("“ball”")


def test_answers_send_the_lane_and_the_norm_to_what_was_asked(visit):
    """To an addition that is nearly at a right angle, then to a norm, with its stream doubled."""
    lane = Lane(visit(f"residual?text={CAT}&model=fable-modern&layer=3&token=6"))
    loaded, trace = model_and_trace("fable-modern", CAT)
    added = summands(trace)[:, 5]
    stream = added.cumsum(0)
    station = square_station(added, stream)
    seen = lane.visit.answer("residual", 0, 1)
    part = f"ayer {(station + 1) // 2}’s {'attention' if station % 2 else 'MLP'}"
    assert part in seen
    expect(lane.root.locator(".pointed")).to_contain_text(part)
    assert agrees(re.search(r"It is ([\d.]+)\.", seen)[1], float(stream[station].norm()))

    lane.visit.answer("residual", 1, 2)
    heading = lane.root.locator(".norm h4")
    expect(heading).to_contain_text("gives layer 3’s attention")
    once = float(stream[4].norm())
    before, length = floats(heading.inner_text())[-2:]
    assert length == pytest.approx(once, abs=0.06)
    divided = lane.norm.get_by_role("row").filter(has_text="÷").get_by_role("cell").last
    kept = divided.inner_text()
    assert agrees(kept, loaded.config.d_model**0.5)

    lane.visit.answer("residual", 2, 1)
    expect(lane.root.get_by_role("checkbox", name="double the stream")).to_be_checked()
    assert floats(heading.inner_text())[-2:] == pytest.approx([before, 2 * once], abs=0.06)
    assert divided.inner_text() == kept
    lane.root.get_by_role("checkbox", name="double the stream").uncheck()
    assert floats(heading.inner_text())[-1] == length


def test_answers_set_the_chain_and_light_a_curve(visit):
    opened = visit(f"depth?text={CAT}")
    page = opened.page
    chain = page.locator(".st-key-gradient-board .board")
    finding = chain.get_by_role("heading", level=3)
    expect(finding).to_contain_text("Through 12 sublayers of slope 0.1")
    opened.answer("depth", 0, 1)
    expect(finding).to_have_text(
        "Through 3 sublayers of slope 0.1, the gradient is multiplied by 1.331 with skips and by "
        "0.001 without"
    )
    chain.get_by_role("slider", name="slope of each sublayer").fill("1")
    expect(finding).to_contain_text("by 8 with skips and by 1 without")
    for question, chart, curve in ((1, "sizes", "post-norm"), (2, "arriving", "no norm")):
        opened.answer("depth", question, 2)
        plot = page.locator(f".st-key-depth-{chart} .plot")
        drawn = plot.evaluate(
            "plot => plot.data.filter(each => !each.opacity).map(each => each.name)"
        )
        assert drawn == [curve]
