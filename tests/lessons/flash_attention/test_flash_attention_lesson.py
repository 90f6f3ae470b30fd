"""FlashAttention: what is sent is the run's own, and what is asked has one right answer."""

import numpy as np
import pytest
import torch

from pages.n4_scale.flash_attention import flash_questions
from pages.n4_scale.flash_attention.flash_questions import (
    count_question,
    size_question,
    step_question,
)
from pages.n4_scale.flash_attention.tiles_board import SHOWN, pack_tiles, packed_head
from tests.lessons.test_lessons import HOSTILE, open_fold, said, visit
from tests.real_model import real_model
from tests.ui.unpacking import unpack
from transformer_core.tiled_attention import TileSize, tiled_attention
from ui.known_models import REAL_MODEL
from ui.models import trace
from ui.state import read_state

CAT = "The cat sat down because she was tired"
PAGE = "pages/n4_scale/flash_attention/flash_attention.py"
MODELS = ["fable-classic", "fable-modern"]


@pytest.mark.parametrize("model", MODELS)
def test_a_head_is_the_runs_own(model):
    now = read_state({"text": CAT, "model": model, "layer": "2", "head": "4"})
    header, arrays = unpack(pack_tiles(now, "8"))
    attention = trace(model, now.token_ids).blocks[1].attention
    assert (header["layer"], header["head"], header["tile"]) == (1, 3, 8)
    np.testing.assert_array_equal(arrays["scores"], attention.scores[0, 3])
    np.testing.assert_array_equal(arrays["mixed"], attention.mixed_values[0, 3])
    weights = attention.weights[0, 3]
    np.testing.assert_allclose(weights.numpy() @ arrays["v"], arrays["mixed"], atol=1e-5)


def test_another_head_is_asked_for():
    now = {"text": CAT, "model": "fable-modern", "layer": "3", "head": "6"}
    header, arrays = unpack(packed_head(now))
    assert (header["layer"], header["head"]) == (2, 5)
    _, whole = unpack(pack_tiles(read_state(now), ""))
    for name, values in whole.items():
        np.testing.assert_array_equal(arrays[name], values)


@pytest.mark.parametrize("tile", ["", "0", "x", "999999", "-4", "\uff14"])
def test_a_tile_that_makes_no_sense_is_none(tile):
    header, _ = unpack(pack_tiles(read_state({"text": CAT, "model": "fable-classic"}), tile))
    assert header["tile"] == 0


def test_a_long_text_is_cut():
    now = read_state({"text": f"{CAT}. " * 30, "model": "fable-classic"})
    assert len(now.token_ids) > SHOWN
    header, arrays = unpack(pack_tiles(now, ""))
    assert len(header["pieces"]) == SHOWN
    assert header["token"] == SHOWN - 1
    assert arrays["scores"].shape == (SHOWN, SHOWN)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("text", ["a", "a b c", CAT, HOSTILE["markdown"], "the " * 400])
def test_each_question_has_exactly_one_right_answer(monkeypatch, text, model):
    now = read_state({"text": text, "model": model})
    monkeypatch.setattr(flash_questions, "reader", lambda: now)
    for question in flash_questions.flash_questions():
        assert [option.right for option in question.options].count(True) == 1
        assert len({option.text for option in question.options}) == len(question.options)
        assert all(option.why for option in question.options)


def test_answers_by_hand():
    assert [option.text for option in step_question().options if option.right] == ["3"]
    assert [option.text for option in count_question().options if option.right] == ["4,400,000"]


@pytest.mark.parametrize(("n", "answer"), [(1, "stays the same"), (2, "stays"), (3, "falls")])
def test_a_larger_tile_moves_less_where_there_is_more_than_one(n, answer):
    (right,) = [option.text for option in size_question(n, 32).options if option.right]
    assert answer in right


def test_the_comparison_is_with_pytorch_and_close(folders):
    app = visit(PAGE, text=CAT, layer="2")
    open_fold(app)
    assert "heads of layer 2 on the first" in said(app)


@real_model
def test_the_real_model_is_within_rounding():
    now = read_state({"text": f"{CAT}. {CAT} and wanted to sleep.", "model": REAL_MODEL})
    for block in trace(REAL_MODEL, now.token_ids).blocks:
        attention = block.attention
        mixed = tiled_attention(
            attention.q, attention.k, attention.v, attention.mask, TileSize(4, 4), attention.bias
        )
        torch.testing.assert_close(mixed, attention.mixed_values, atol=1e-5, rtol=1e-5)
