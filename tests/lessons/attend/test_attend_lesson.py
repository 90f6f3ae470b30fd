"""What the Attend lesson says in its questions, against the run itself."""

import torch

from pages.n1_forward_pass.attend.attention_board import SHOWN
from pages.n1_forward_pass.attend.attention_questions import future_question, scale_question
from ui.models import load, trace
from ui.state import read_state

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
