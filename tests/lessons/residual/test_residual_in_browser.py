"""Residual: the lane shows the run's own numbers, parts can be taken out, depth is measured."""

import re

import pytest
import torch
from playwright.sync_api import expect

from tests.lessons.at_a_glance.first_screen import COUNT_MESSAGES, agrees, floats, model_and_trace
from transformer_core.lens.removal import run_without, surprises
from transformer_core.lens.residual_stream import pushes, summands

CAT = "The cat sat down because she was tired"


class Lane:
    """The lesson's picture, by role, label or meaning."""

    def __init__(self, visit) -> None:
        self.visit, self.page = visit, visit.page
        self.root = visit.page.locator(".st-key-residual-board .board")
        self.lane = self.root.locator(".lane")
        self.finding = self.root.locator(".finding")
        self.pointed = self.root.locator(".pointed")
        expect(self.finding).not_to_be_empty()

    def point(self, station: int, stations: int) -> str:
        box = self.lane.locator("svg").bounding_box()
        column = (box["width"] - 112) / (stations + 1)
        self.lane.locator("svg").hover(position={"x": 112 + (station + 0.5) * column, "y": 150})
        return self.pointed.inner_text()

    def chosen(self, group: str) -> str:
        marked = self.root.get_by_role("radiogroup", name=group).locator("[aria-checked=true]")
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
    strip = lane.root.locator(".ledger .strip").nth(2)
    box = strip.bounding_box()
    strip.hover(position={"x": box["width"] * 40.5 / 192, "y": box["height"] / 2})
    column = [floats(v)[0] for v in lane.root.locator(".ledger .value").all_inner_texts()]
    exact = summands(trace)[:, 6, 40]
    assert column[:-1] == pytest.approx(exact.tolist(), abs=0.02)
    assert column[-1] == pytest.approx(float(exact.sum()), abs=0.03)
    norm = loaded.model.blocks[2].feed_forward_norm
    with torch.inference_mode():
        expected = float(norm(trace.blocks[2].resid_mid)[0, 6, 40])
    line = lane.root.locator(".norm .lines div").last.inner_text()
    assert line.startswith("no. 41:")
    assert floats(line)[-1] == pytest.approx(expected, abs=0.01)


def test_lane_answers_hand_and_keys_by_itself(visit):
    lane = Lane(visit(f"residual?text={CAT}&layer=3&token=6"))
    lane.page.evaluate(COUNT_MESSAGES)
    shown = lane.finding.inner_text(), lane.pointed.inner_text()
    lane.lane.focus()
    for key in ("ArrowUp", "ArrowRight", "ArrowRight"):
        lane.page.keyboard.press(key)
    assert lane.chosen("Word") == "because"
    assert lane.pointed.inner_text().startswith("Layer 4’s MLP")
    assert shown[0] != lane.finding.inner_text()
    pushed = lane.pointed.inner_text()
    lane.root.get_by_role("radio", name=re.compile("^lead over")).click()
    assert lane.pointed.inner_text() != pushed
    lane.root.get_by_role("checkbox").check()
    lane.page.wait_for_function(
        "() => { const at = new URL(location).searchParams;"
        " return at.get('layer') == '4' && at.get('token') == '5' }"
    )
    assert lane.page.evaluate("window.messagesSent") == 0


def test_parts_taken_out_change_the_loss_and_go_back_in(visit):
    lane = Lane(visit(f"residual?text={CAT}"))
    loaded, trace = model_and_trace("fable-classic", CAT)
    board = lane.page.locator(".st-key-without-board .board")
    finding = board.locator(".finding")
    intact = finding.inner_text()

    def loss(*parts) -> float:
        with torch.inference_mode():
            _, logits = run_without(loaded.model, trace.embedded, frozenset(parts))
            return float(surprises(logits, trace.token_ids).mean())

    assert agrees(f"{floats(intact)[-1]}", loss())
    lane.page.evaluate(COUNT_MESSAGES)
    cell = board.locator("[data-code=as3]")
    cell.hover()
    alone = loss(("attention_skip", 2))
    assert floats(board.locator(".pointed").inner_text().split("loss is")[1])[0] == pytest.approx(
        alone, abs=0.006
    )
    assert lane.page.evaluate("window.messagesSent") == 0
    cell.click()
    expect(finding).to_contain_text("One part out")
    assert floats(finding.inner_text())[-1] == pytest.approx(alone, abs=0.006)
    board.locator("[data-code=mn5]").click()
    expect(finding).to_contain_text("2 parts out")
    both = loss(("attention_skip", 2), ("feed_forward_norm", 4))
    assert floats(finding.inner_text())[-1] == pytest.approx(both, abs=0.006)
    lane.page.wait_for_function("() => new URL(location).searchParams.get('removed') == 'as3.mn5'")
    lane.page.reload()
    lane.visit.settle()
    expect(finding).to_contain_text("2 parts out")
    board.get_by_role("button", name="Put everything back").click()
    expect(finding).to_have_text(intact)


def test_new_sentence_depth_check_and_the_way_on(visit):
    lane = Lane(visit(f"residual?text={CAT}"))
    finding = lane.finding.inner_text()
    field = lane.page.get_by_role("textbox", name="Your sentence")
    field.fill("Tom had a red ball")
    field.press("Enter")
    expect(lane.finding).not_to_have_text(finding)
    lane.visit.settle(200)
    chart = lane.page.locator(".st-key-depth-gradients .finding")
    expect(chart).to_contain_text("At layer 12")
    lane.page.get_by_role("slider", name="Layers").press("ArrowRight")
    expect(chart).to_contain_text("At layer 16")
    verdicts = []
    for answer in lane.page.locator("[class*='st-key-residual-check-0-'] button").all():
        answer.click()
        lane.visit.settle(200)
        verdicts.append(lane.page.get_by_test_id("stAlertContentSuccess").count())
    assert sorted(verdicts) == [0, 0, 1]
    lane.page.locator(".st-key-way-on").get_by_role("link", name="Positions").click()
    expect(lane.page).to_have_url(re.compile("/positions"))
    expect(lane.page.get_by_role("textbox", name="Your sentence")).to_have_value(
        "Tom had a red ball"
    )
