"""Gradient step: what is sent is computed from the reader's text, and the shared models stay."""

from copy import deepcopy
from itertools import pairwise
from math import log

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from pages.n3_learning.gradient import gradient_questions
from pages.n3_learning.gradient.descents import (
    MOST_STEPS,
    PUPIL,
    RATES,
    SHOWN,
    clean_steps,
    pupil,
    tokens_of,
)
from pages.n3_learning.gradient.gradient_questions import logit_question, step_question
from pages.n3_learning.gradient.overfit_board import SPANS, packed_course
from pages.n3_learning.gradient.pull_board import _pulls
from pages.n3_learning.gradient.step_board import pack_place, packed_steps
from tests.lessons.test_lessons import HOSTILE, open_fold, said, visit
from tests.ui.unpacking import unpack
from transformer_core.checkpoints import load_checkpoint
from ui.known_models import ASSETS
from ui.state import read_state

CAT = "The cat saw a bird in the tree."
PAGE = "pages/n3_learning/gradient/gradient.py"
TEXTS = ["a", "a b", CAT, HOSTILE["markdown"], HOSTILE["emoji"], "the " * 400]


def by_pytorch(text: str, rates: list[float]) -> list[float]:
    """The loss before each step and after the last, by PyTorch's own optimizer."""
    model = deepcopy(load_checkpoint(ASSETS / PUPIL)).requires_grad_()
    ids, losses = torch.tensor(tokens_of(text)), []
    for rate in [*rates, 0.0]:
        loss = F.cross_entropy(model(ids[None])[0, :-1], ids[1:])
        losses.append(loss.item())
        model.zero_grad()
        loss.backward()
        torch.optim.SGD(model.parameters(), lr=rate).step()
    return losses


def test_steps_are_those_of_pytorch():
    taken = (2, 4, 3)
    header, arrays = unpack(pack_place(CAT, ".".join(map(str, taken))))
    assert header["place"]["taken"] == list(taken)
    wanted = by_pytorch(CAT, [RATES[i] for i in taken])
    np.testing.assert_allclose(arrays["path"], wanted, rtol=1e-3)
    np.testing.assert_allclose(arrays["losses"][0].mean(), wanted[-1], rtol=1e-3)


def test_what_a_rate_promises_is_what_its_step_brings():
    _, before = unpack(pack_place(CAT, ""))
    _, after = unpack(pack_place(CAT, "5"))
    np.testing.assert_allclose(before["losses"][6], after["losses"][0], rtol=1e-5, atol=1e-5)
    assert (before["probabilities"][6].sum(-1) <= 1 + 1e-5).all()


def test_the_model_itself_never_moves():
    before = {name: w.clone() for name, w in pupil().state_dict().items()}
    pack_place(CAT, "12.12.12")
    for name, w in pupil().state_dict().items():
        torch.testing.assert_close(w, before[name], atol=0, rtol=0)


def test_a_rate_that_is_too_high_explodes_and_is_still_sent():
    _, arrays = unpack(pack_place(CAT, ".".join(["16"] * 12)))
    assert arrays["path"][1] > 2 * log(4096)
    assert not np.isfinite(arrays["path"][-1])
    header, _ = unpack(pack_place(CAT, ".".join(["16"] * 12)))
    assert header["place"]["gradient"] == -1


@pytest.mark.parametrize("text", TEXTS)
def test_any_text_has_a_gradient(text):
    header, arrays = unpack(packed_steps({"text": text, "steps": ""}))
    n = len(header["place"]["pieces"])
    assert 2 <= n <= SHOWN
    assert header["note"] or n == len(tokens_of(text))
    assert arrays["losses"].shape == (len(RATES) + 1, n - 1)
    right = arrays["right"][:-1]
    p = arrays["probabilities"][0][np.arange(n - 1), right]
    np.testing.assert_allclose(-np.log(p), arrays["losses"][0], atol=1e-3)


@pytest.mark.parametrize("steps", ["x", "1.x", "-1", "\uff14", "1..2", "12345"])
def test_steps_that_make_no_sense_are_none(steps):
    assert clean_steps(steps) == ()


def test_there_are_not_too_many_steps():
    assert clean_steps(".".join(["99"] * 60)) == (len(RATES) - 1,) * MOST_STEPS


@pytest.mark.parametrize("model", ["fable-classic", "fable-modern"])
def test_autograd_and_the_formula_agree(model):
    now = read_state({"text": CAT, "model": model})
    header, arrays = _pulls(model, now.token_ids)
    assert header["gap"] < 1e-5
    right = arrays["right"][:-1]
    rows = torch.arange(len(right))
    torch.testing.assert_close(
        arrays["autograd"][rows, right], arrays["p"][rows, right] - 1, atol=1e-5, rtol=0
    )
    torch.testing.assert_close(
        -arrays["p"][rows, right].log(), arrays["nats"], atol=1e-4, rtol=1e-4
    )


def test_a_run_that_overfits():
    header, _ = unpack(packed_course({"spans": "8"}))
    assert header["spans"] == SPANS[0]
    assert header["held_out"][-1] > header["held_out"][header["best"]] > header["train"][-1]
    assert all(a < b for a, b in pairwise(header["steps"]))
    assert unpack(packed_course({"spans": "9"}))[0]["spans"] == SPANS[0]


@pytest.mark.parametrize("text", TEXTS)
def test_each_question_has_exactly_one_right_answer(monkeypatch, text):
    now = read_state({"text": text, "model": "fable-classic"})
    monkeypatch.setattr(gradient_questions, "reader", lambda: now)
    for question in gradient_questions.gradient_questions():
        assert [option.right for option in question.options].count(True) == 1
        assert len({option.text for option in question.options}) == len(question.options)


def test_answers_by_hand():
    assert [option.text for option in logit_question().options if option.right] == ["−0.8"]
    assert [option.text for option in step_question().options if option.right] == ["0.7"]


def test_the_first_steps_are_compared(folders):
    app = visit(PAGE, text=CAT)
    open_fold(app)
    assert "The first step on your text" in said(app)
