"""What the Attend lesson says in its questions, against the run itself."""

from math import exp, sqrt

import numpy as np
import pytest
import torch

from pages.n1_forward_pass.attend import attention_questions
from pages.n1_forward_pass.attend.attention_board import SHOWN, pack_board, packed_layer
from pages.n1_forward_pass.attend.attention_questions import (
    RESTING,
    future_question,
    scale_question,
    telling,
)
from pages.n1_forward_pass.attend.attention_questions import (
    attention_questions as ask,
)
from pages.n1_forward_pass.attend.worked_board import pack_worked
from tests.real_model import real_model
from tests.ui.unpacking import unpack
from transformer_core.lens.attention_arithmetic import undivided
from ui.examples import CAPITAL
from ui.known_models import REAL_MODEL
from ui.models import load, trace
from ui.state import Reader, read_state

CAT = "The cat sat down because she was tired"


def test_a_word_added_at_the_end_changes_no_row():
    for model in ("fable-classic", "fable-modern"):
        ids = tuple(load(model).tokenizer.encode(CAT))
        for before, after in zip(
            trace(model, ids).blocks, trace(model, (*ids, 40)).blocks, strict=True
        ):
            n = len(ids)
            torch.testing.assert_close(
                after.attention.weights[..., :n, :n], before.attention.weights
            )


def test_questions_about_a_row_name_the_same_word():
    now = read_state({"text": f"{CAT}. " * 9, "model": "fable-classic", "token": "70"})
    assert len(now.token_ids) > SHOWN
    word = now.pieces[SHOWN - 1].strip()
    assert word in scale_question(now).text
    assert word in future_question(now).text


def test_the_worked_example_is_what_paper_gives():
    """Each step again in plain Python, from the vectors and matrices that are shown."""
    _, arrays = unpack(pack_worked())
    w_q, w_k, w_v, w_o = arrays["maps"].tolist()

    def times(vector, matrix):
        return [sum(a * matrix[i][j] for i, a in enumerate(vector)) for j in range(2)]

    x = arrays["x"].tolist()
    q, k, v = ([times(each, matrix) for each in x] for matrix in (w_q, w_k, w_v))
    assert [arrays[name].tolist() for name in "qkv"] == [q, k, v]
    for i in range(3):
        scores = [sum(a * b for a, b in zip(q[i], k[j], strict=True)) for j in range(3)]
        assert arrays["scores"][i].tolist() == scores
        powers = [exp(score / sqrt(2)) for score in scores[: i + 1]]
        weights = [power / sum(powers) for power in powers]
        assert arrays["weights"][i].tolist() == pytest.approx([*weights, 0, 0][:3])
        mixed = [sum(w * v[j][t] for j, w in enumerate(weights)) for t in range(2)]
        assert arrays["mixed"][i].tolist() == pytest.approx(mixed, abs=1e-5)
        after = [a + b for a, b in zip(x[i], times(mixed, w_o), strict=True)]
        assert arrays["x_after"][i].tolist() == pytest.approx(after, abs=1e-5)
    assert [round(float(w), 2) for w in arrays["weights"][2]] == [0.5, 0.25, 0.25]


@pytest.mark.parametrize("text", ["a", CAT, "the " * 90])
def test_each_question_has_one_right_answer_and_says_why_the_others_tempt(monkeypatch, text):
    for model in ("fable-classic", "fable-modern"):
        now = read_state({"text": text, "model": model})
        monkeypatch.setattr(attention_questions, "reader", lambda now=now: now)
        for question in ask():
            assert [option.right for option in question.options].count(True) == 1
            assert len({option.why for option in question.options}) == len(question.options)


def test_without_the_division_the_largest_weight_never_shrinks():
    for model in ("fable-classic", "fable-modern"):
        ids = tuple(load(model).tokenizer.encode(CAT))
        for block in trace(model, ids).blocks:
            sharp = undivided(block.attention).amax(-1)
            assert (sharp >= block.attention.weights.amax(-1) - 1e-6).all()


# ----------------------------------------------------------------------------------- the real model


def at_32_tokens(model: str) -> Reader:
    return Reader("text", model, tuple(range(300, 332)), (), ("x",) * 32, 1, 2, 8, ())


@pytest.mark.parametrize("model", ["fable-classic", "fable-modern"])
def test_a_small_model_is_sent_whole(model):
    now = at_32_tokens(model)
    packed = pack_board(now, trace(model, now.token_ids))
    header, arrays = unpack(packed)
    assert header["layers"] == list(range(header["n_layers"]))
    assert len(arrays["q"]) == header["n_layers"]
    assert len(packed) < 250_000


@real_model
def test_of_the_real_model_a_layer_is_sent_and_others_when_they_are_asked_for():
    now = at_32_tokens(REAL_MODEL)
    run = trace(REAL_MODEL, now.token_ids)
    packed = pack_board(now, run)
    header, arrays = unpack(packed)
    assert (header["layers"], len(packed) < 100_000) == ([1], True)
    np.testing.assert_allclose(arrays["q"][0], run.blocks[1].attention.q[0], atol=2e-2, rtol=1e-3)
    assert arrays["k"].shape[1] == 3

    text = read_state({"text": CAPITAL, "model": REAL_MODEL})
    header, arrays = unpack(packed_layer({**text.sentence, "layer": "25"}))
    layer = trace(REAL_MODEL, text.token_ids).blocks[24].attention
    assert header["layers"] == [24]
    np.testing.assert_allclose(arrays["v"][0], layer.v[0], atol=2e-2, rtol=1e-3)


@real_model
def test_no_question_is_about_a_head_that_rests_on_the_first_token(monkeypatch):
    resting = read_state({"text": CAPITAL, "model": REAL_MODEL, "layer": "19", "head": "9"})
    run = trace(REAL_MODEL, resting.token_ids)
    assert run.blocks[18].attention.weights[0, 8, -1, 0] > 0.9
    asked = telling(resting)
    assert run.blocks[asked.layer].attention.weights[0, asked.head, -1, 0] < RESTING
    monkeypatch.setattr(attention_questions, "reader", lambda: resting)
    for question in attention_questions.attention_questions():
        assert "19.9" not in question.text
        assert [option.right for option in question.options].count(True) == 1
    kept = read_state({"text": CAPITAL, "model": REAL_MODEL, "layer": "24", "head": "5"})
    assert telling(kept) == kept
