"""A few spans are learnt by heart; more of them put that off."""

from pathlib import Path

import pytest
import torch

from transformer_core.lens.overfitting import HELD_OUT, LENGTH, STEPS, Letters, learn_by_heart

TEXT = Path(__file__).parents[2] / "assets" / "unseen_text.txt"


@pytest.fixture(scope="module")
def letters():
    return Letters.of(TEXT.read_text("utf-8"))


def test_the_spans_are_the_text(letters):
    spans = torch.cat((letters.train, letters.held_out))
    read = "".join(letters.alphabet[i] for i in spans.flatten())
    assert " ".join(TEXT.read_text("utf-8").lower().split()).startswith(read)
    assert letters.held_out.shape == (HELD_OUT, LENGTH + 1)
    assert len(letters.train) >= 72


def test_the_losses_part_and_more_text_puts_it_off(letters):
    few, many = (learn_by_heart(letters, n) for n in (8, 72))
    for course in (few, many):
        assert (course.steps[0], course.steps[-1]) == (0, STEPS)
        assert course.train[0] == pytest.approx(course.held_out[0], abs=0.05)
        assert course.train[-1] < course.held_out[-1]
        assert course.held_out[-1] > course.held_out[course.best]
    assert few.best < many.best
    assert few.held_out[few.best] > many.held_out[many.best]
    assert few.train[-1] < many.train[-1]
