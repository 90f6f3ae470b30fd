"""What the Attend lesson asks of any text, model and word."""

import pytest
import torch

from ui.attention_board import SHOWN
from ui.attention_questions import future_question, mask_question, scale_question
from ui.models import load, trace
from ui.state import read_state

TEXTS = ("a", "Tom had", "The cat sat down because she was tired", "the " * 75)


@pytest.mark.parametrize("model", ["fable-classic", "fable-modern"])
@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("token", ["1", "2", "70"])
def test_each_question_has_one_right_answer(model, text, token):
    now = read_state({"text": text, "model": model, "layer": "3", "head": "2", "token": token})
    asked = [mask_question(now), future_question(now)]
    if len(now.token_ids) > 1:
        asked.append(scale_question(now))
    for question in asked:
        assert sum(option.right for option in question.options) == 1
        assert all(option.why for option in question.options)


def test_a_word_added_at_the_end_changes_no_row():
    for model in ("fable-classic", "fable-modern"):
        ids = tuple(load(model).tokenizer.encode(TEXTS[2]))
        for before, after in zip(
            trace(model, ids).blocks, trace(model, (*ids, 40)).blocks, strict=True
        ):
            n = len(ids)
            torch.testing.assert_close(
                after.attention.weights[..., :n, :n], before.attention.weights
            )


def test_questions_about_a_row_name_the_same_word():
    now = read_state({"text": f"{TEXTS[2]}. " * 9, "model": "fable-classic", "token": "70"})
    assert len(now.token_ids) > SHOWN
    word = now.pieces[SHOWN - 1].strip()
    assert word in scale_question(now).text
    assert word in future_question(now).text
