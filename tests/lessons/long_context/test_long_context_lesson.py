"""Long context: what its boards are told, what a model predicts under a pattern, the questions."""

import pytest
import torch

from pages.n4_scale.long_context.linear_board import largest_difference
from pages.n4_scale.long_context.long_context_deeper import differences
from pages.n4_scale.long_context.long_context_questions import long_context_questions
from pages.n4_scale.long_context.needle_board import describe_needles
from pages.n4_scale.long_context.pattern_board import (
    NOTES,
    SHOWN,
    WIDEST,
    describe_patterns,
    packed_predictions,
)
from pages.n4_scale.long_context.stretch_board import (
    SMOLLM2,
    describe_stretches,
    measured_now,
    slower,
)
from tests.lessons.test_lessons import at
from tests.ui.unpacking import unpack
from transformer_core.downloads import find_packaged
from transformer_core.lens.layer_masks import LAYER_PATTERNS
from transformer_core.lens.longer_context import STRETCHES
from transformer_core.published.local_models import describe
from ui.models import load, trace
from ui.state import read_state

TEXT = "Tom had a red ball. Sue had a blue ball."
both_models = pytest.mark.parametrize("name", ["fable-classic", "fable-modern"])


def predicted(**address: str) -> dict:
    return unpack(packed_predictions({"text": TEXT, **address}))[0]


@both_models
def test_with_all_keys_it_is_the_model_itself(name):
    full = predicted(model=name, pattern="full")
    ids = read_state({"text": TEXT, "model": name}).token_ids
    p = trace(name, ids).logits[0, -1].softmax(-1)
    assert [each["p"] for each in full["full"]] == pytest.approx(
        p.topk(3).values.tolist(), rel=1e-3
    )
    assert full["full"] == full["patterned"]


def test_under_rope_a_chunk_s_first_token_is_a_text_of_its_own():
    ids = read_state({"text": TEXT, "model": "fable-modern"}).token_ids
    assert 2 <= len(ids) - 1 <= WIDEST
    found = predicted(model="fable-modern", pattern="chunks", width=str(len(ids) - 1))
    alone = load("fable-modern").model(torch.tensor([ids[-1:]]))[0, -1].softmax(-1)
    best = alone.topk(3).values.tolist()
    assert [each["p"] for each in found["patterned"]] == pytest.approx(best, rel=1e-3)
    assert found["full"] != found["patterned"]


@pytest.mark.parametrize("address", [{"pattern": "?", "width": "-3"}, {"width": "9" * 40}])
def test_what_is_not_offered_is_replaced(address):
    assert len(predicted(model="fable-classic", **address)["patterned"]) == 3


def test_long_texts_are_cut_and_every_pattern_has_a_note():
    now = read_state({"text": "a red ball " * 90, "model": "fable-classic"})
    told = describe_patterns(now)
    assert len(told["pieces"]) == SHOWN < told["n_text"]
    assert NOTES.keys() == LAYER_PATTERNS.keys()


@both_models
def test_other_orders_and_blocks_differ_by_rounding_only(name):
    ids = read_state({"text": TEXT, "model": name}).token_ids
    assert largest_difference(name, ids) < 1e-5
    assert max(differences(name, ids).values()) < 1e-5


def test_the_needles_are_the_record_s():
    lines = {line["name"]: line for line in describe_needles()["lines"]}
    window = lines["sliding window"]
    assert window["limit"][15] == 1 > window["limit"][16] == describe_needles()["chance"]
    assert window["recall"][15] > 0.8 > 0.2 > window["recall"][16]
    assert lines["full"]["far"] is None


def test_stretches_are_recorded_and_slow_as_they_say():
    real, small = describe_stretches()["sources"]
    for source in (real, small):
        assert source["nats"].keys() == STRETCHES.keys()
        assert len(source["nats"]["plain"]) * source["bin"] > source["trained"]
    assert slower(SMOLLM2, "interpolated") == pytest.approx([2] * 32)
    assert slower(SMOLLM2, "larger_base")[::31] == pytest.approx([1, 2], rel=1e-4)
    yarn = slower(SMOLLM2, "yarn")
    assert (yarn[0], yarn[-1]) == pytest.approx((1, 2))
    assert yarn == sorted(yarn)


@pytest.mark.skipif(find_packaged() is None, reason="SmolLM2 is not installed")
def test_the_shape_is_that_of_the_file():
    theirs = describe(find_packaged())
    for part in ("context_length", "d_head", "rope_base"):
        assert getattr(theirs, part) == getattr(SMOLLM2, part)


def test_the_small_model_is_measured_on_a_press():
    found = measured_now()
    nats = found["nats"]
    assert nats.keys() == STRETCHES.keys()
    assert found["windows"] > 1
    assert nats["plain"][-1] > nats["yarn"][-1]


def test_each_question_has_one_right_answer():
    for question in long_context_questions():
        assert [option.right for option in question.options].count(True) == 1
        assert all(option.why for option in question.options)


@pytest.mark.parametrize("text", ["", "a", "word " * 400, "<b>&</b> 🙂"])
def test_the_page_opens_with_any_text(text):
    app = at("pages/n4_scale/long_context/long_context.py", text=text, model="fable-classic")
    assert not app.exception
