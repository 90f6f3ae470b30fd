"""The same question alone and in the form of a conversation, against the model's own logits."""

import pytest
import torch

from pages.n3_learning.pretraining.assistant_board import (
    QUESTIONS,
    describe_sides,
    ordered_sides,
    question_asked,
    questions_of,
    why_there_is_none,
)
from tests.lessons.test_lessons import visit
from tests.real_model import real_model
from transformer_core.published.chatml import chatml_of
from ui.models import load
from ui.state import read_state
from ui.writing import Writing, write_on

PAGE = "pages/n3_learning/pretraining/pretraining.py"
CAT = "The cat sat down because she was tired"


def now(text, model):
    return read_state({"text": text, "model": model})


@real_model
def test_the_capital_alone_and_in_the_form():
    reader = now("Why?", "smollm2")
    loaded = load("smollm2")
    form = chatml_of(loaded.tokenizer)
    sides = [Writing(side.order) for side in ordered_sides(reader, form, QUESTIONS[0])]
    write_on(sides, seconds=600)
    told = describe_sides(QUESTIONS, 0, sides)
    alone, inside = told["alone"], told["form"]
    assert "".join(token["piece"] for token in alone["prompt"]) == QUESTIONS[0]
    assert (len(alone["prompt"]), len(inside["prompt"])) == (7, 37)
    assert [t["piece"] for t in inside["prompt"] if t["special"]] == [
        *["<|im_start|>", "<|im_end|>"] * 2,
        "<|im_start|>",
    ]
    assert [step["piece"] for step in alone["steps"]] == ["<|im_end|>"]
    assert 0.6 < alone["steps"][0]["probability"] < 0.75
    answer = "".join(step["piece"] for step in inside["steps"])
    assert answer == "The capital of France is Paris.<|im_end|>"
    assert alone["stopped"]
    assert inside["stopped"]
    ids = torch.tensor([sides[1].order.token_ids])
    with torch.inference_mode():
        shares = loaded.model(ids)[0, -1].softmax(-1)
    first = inside["steps"][0]
    assert first["probability"] == pytest.approx(float(shares.max()), abs=1e-4)
    assert first["best"][0] == ("The", pytest.approx(float(shares.max()), abs=1e-4))


def test_a_language_model_is_called_one_and_nothing_is_written():
    assert "Fable classic is a language model only" in why_there_is_none(load("fable-classic"))


@pytest.mark.parametrize(
    ("raw", "chosen"),
    [("", 0), ("1", 0), ("4", 3), ("99", 3), ("0", 0), ("-1", 0), ("\uff12", 0), ("x", 0)],
)
def test_the_question_in_the_address(raw, chosen):
    assert question_asked(raw, 4) == chosen


@real_model
def test_a_text_that_is_too_long_is_no_question():
    assert list(questions_of(now(CAT, "smollm2"))) == [*QUESTIONS, "Your text"]
    long = now("the " * 400, "smollm2")
    assert list(questions_of(long)) == list(QUESTIONS)
    form = chatml_of(load("smollm2").tokenizer)
    longest = now(" ".join(["the"] * 128), "smollm2")
    *_, text = questions_of(longest).values()
    for side in ordered_sides(longest, form, text):
        assert Writing(side.order).room == 32  # the whole answer fits


@real_model
def test_the_page_of_the_real_model_writes_nothing_by_itself():
    app = visit(PAGE, model="smollm2")
    assert not app.exception
    for name in ("assistant-alone", "assistant-form"):
        assert app.session_state[name].steps == []
