"""Recurrence: what is sent is the run's own, turns are short, and each question has one answer."""

import numpy as np
import pytest

from pages.n0_why.recurrence import recurrence_questions, state_board, waiting_board
from pages.n0_why.recurrence.paths_board import SHOWN, pack_paths
from pages.n0_why.recurrence.reach_board import NUMBERS, pack_reach, packed_curve
from pages.n0_why.recurrence.recorded import TRAINED, record
from pages.n0_why.recurrence.waiting_board import LENGTHS, TIMED, TURN, packed_time
from tests.lessons.test_lessons import HOSTILE, open_fold, said, visit
from tests.ui.unpacking import unpack
from transformer_core.lens.sequence_layers import LSTM_LAYER, NAMES, RNN_LAYER
from ui.models import trace
from ui.state import read_state

CAT = "The cat sat down because she was tired"
PAGE = "pages/n0_why/recurrence/recurrence.py"
ADDRESSES = [
    ("pages.n0_why.recurrence.paths_board.setting", {}),
    ("pages.n0_why.recurrence.reach_board.setting", {}),
    ("pages.n0_why.recurrence.state_board.setting", {}),
]


@pytest.fixture
def address(monkeypatch):
    """What the address says, for boards that are packed without a page."""
    says: dict[str, str] = {}
    for where, _ in ADDRESSES:
        monkeypatch.setattr(where, lambda name: says.get(name, ""))
    return says


@pytest.mark.parametrize("model", ["fable-classic", "fable-modern"])
def test_the_strongest_head_is_the_run_s_own(address, model):
    now = read_state({"text": CAT, "model": model})
    header, arrays = unpack(pack_paths(now))
    n = header["n_heads"]
    blocks = trace(model, now.token_ids).blocks
    for query, key in ((3, 1), (7, 0), (5, 5)):
        layer, head = divmod(int(arrays["heads"][query, key]), n)
        weight = blocks[layer].attention.weights[0, head, query, key]
        assert arrays["weights"][query, key] == pytest.approx(float(weight))
        assert all(float(b.attention.weights[0, :, query, key].max()) <= weight for b in blocks)


@pytest.mark.parametrize(
    ("said", "found"), [("", -1), ("1", 0), ("4", 3), ("0", -1), ("99", -1), ("x", -1), ("-2", -1)]
)
def test_a_place_that_makes_no_sense_is_none(address, said, found):
    address["from"] = said
    header, _ = unpack(pack_paths(read_state({"text": CAT, "model": "fable-classic"})))
    assert header["source"] == found


def test_a_long_text_is_cut(address):
    now = read_state({"text": f"{CAT}. " * 30, "model": "fable-classic"})
    header, arrays = unpack(pack_paths(now))
    assert len(header["pieces"]) == SHOWN
    assert arrays["weights"].shape == (SHOWN, SHOWN)


def test_four_curves_begin_at_one_and_another_setting_is_asked_for(address):
    header, arrays = unpack(pack_reach())
    assert header["numbers"] == NUMBERS
    assert set(arrays) == set(NAMES)
    assert all(curve[0] == 1 and np.isfinite(curve).all() for curve in arrays.values())
    _, larger = unpack(packed_curve({"layer": RNN_LAYER, "scale": "2.5", "bias": "9"}))
    assert larger["reach"][64] > 100 > 1e-6 > arrays[RNN_LAYER][64]
    _, odd = unpack(packed_curve({"layer": "GRU", "scale": "x"}))
    np.testing.assert_array_equal(odd["reach"], arrays[RNN_LAYER])


def test_the_address_chooses_the_sliders(address):
    address.update(bias="0.0", scale="7")
    header, arrays = unpack(pack_reach())
    assert (header["bias"], header["scale"]) == (0.0, 1.0)
    assert arrays[LSTM_LAYER][10] == pytest.approx(0.5**10, rel=9)


def test_a_turn_is_asked_for_by_layer_and_length_and_holds_others_briefly(monkeypatch):
    asked = []
    monkeypatch.setattr(
        waiting_board, "fastest_step", lambda layer, x, most: asked.append((x.shape[1], most))
    )
    for raw in ({"layer": TIMED[2], "n": "256"}, {"layer": "?", "n": "9999999"}, {}):
        header, _ = unpack(packed_time(raw))
        assert header["layer"] in TIMED
        assert header["n"] in LENGTHS
        assert header["seconds"] is None
    assert asked == [(256, TURN), (128, TURN), (128, TURN)]
    assert TURN <= 0.25


def test_times_are_seconds(address):
    for layer in TIMED:
        header, _ = unpack(packed_time({"layer": layer, "n": "128"}))
        assert 0 < header["seconds"] < TURN


def test_the_record_says_what_the_page_says():
    losses = [record().fitted[f"loss, {name}"] for name in TRAINED]
    transformer, linear, lstm = losses
    assert linear.high < min(lstm.low, transformer.low)
    assert lstm.low < transformer.high > transformer.low < lstm.high
    for name in TRAINED:
        y = record().curve(name).y
        x = record().curve(name).x
        assert y[x.index(48.5)] - y[x.index(240.5)] < 0.02


def test_only_far_back_does_training_let_more_of_the_lstm_s_gradient_through():
    before, after = (record().curve(f"LSTM, {when}") for when in ("at initialisation", "trained"))
    for k, at_start, trained in zip(before.x, before.y, after.y, strict=True):
        assert (trained > at_start) == (k > 39)


@pytest.mark.parametrize("model", ["fable-classic", "fable-modern", "fable-tiny"])
def test_each_question_has_exactly_one_right_answer(monkeypatch, address, model):
    now = read_state({"text": HOSTILE["markdown"], "model": model})
    monkeypatch.setattr(recurrence_questions, "reader", lambda: now)
    for question in recurrence_questions.recurrence_questions():
        assert [option.right for option in question.options].count(True) == 1
        assert len({option.text for option in question.options}) == len(question.options)
        assert all(option.why for option in question.options)


def test_answers_by_hand(address):
    right = [
        next(option.text for option in question.options if option.right)
        for question in (
            recurrence_questions.path_question(),
            recurrence_questions.gradient_question(),
        )
    ]
    assert right == ["4", "1/1,024"]


@pytest.mark.parametrize(
    ("length", "n"), [("", 2048), ("5", 5), ("99999999", 1 << 20), ("-1", 2048)]
)
def test_a_length_is_bounded(address, length, n):
    address["length"] = length
    now = read_state({"text": CAT, "model": "fable-classic"})
    assert state_board.describe_states(now)["n"] == n


def test_the_comparison_is_with_pytorch_and_close(folders):
    app = visit(PAGE, text=CAT)
    open_fold(app)
    assert "against PyTorch’s `RNN` and `LSTM`" in said(app)
