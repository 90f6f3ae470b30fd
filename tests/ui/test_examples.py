"""Each example does with the real model what its line says."""

import re

import pytest
import torch

from ui.examples import CAPITAL, EXAMPLES, STORY, TEXTS, first_text
from ui.known_models import DEFAULT_SETTING, catalogue
from ui.models import load, trace

ANIMAL = "The animal didn't cross the street because it was too tired"
SUM = "2 + 3 = 5, 4 + 1 ="
LINES = {example.text: example.look_for for example in EXAMPLES}


@pytest.fixture(scope="module")
def real():
    if "smollm2" not in catalogue().offered:
        pytest.skip("the package of the real model is not installed")
    return load("smollm2")


def pass_over(real, text: str):
    ids = tuple(real.tokenizer.encode(text))
    return trace(real.name, ids), real.tokenizer.pieces(list(ids))


def said(text: str) -> tuple[str, str]:
    """The first token and the first share that a line names."""
    line = LINES[text]
    return re.findall(r"“(\w+)”", line)[0], re.findall(r"(\d+) %", line)[0]


def likeliest(real, text: str) -> tuple[str, float]:
    traced, _ = pass_over(real, text)
    share, token_id = traced.logits[0, -1].softmax(0).max(0)
    return real.tokenizer.pieces([int(token_id)])[0], float(share)


def test_the_lines_are_short_and_each_names_a_number():
    assert len(set(TEXTS)) == len(TEXTS)
    for line in LINES.values():
        assert len(line.split()) <= 20
        assert re.search(r"\d+ %|head \d", line)


@pytest.mark.parametrize("text", [text for text in TEXTS if text not in (ANIMAL, SUM)])
def test_the_likeliest_next_token_is_the_one_that_is_named(real, text):
    piece, share = likeliest(real, text)
    named, percent = said(text)
    assert named == piece.strip()
    assert int(percent) == round(100 * share)


def test_the_sum_comes_after_a_blank(real):
    piece, share = likeliest(real, SUM)
    assert (piece, share > 0.99) == (" ", True)
    named, percent = said(SUM)
    piece, share = likeliest(real, SUM + " ")
    assert (piece, round(100 * share)) == (named, int(percent))


@pytest.mark.parametrize(
    ("text", "query", "key", "least"),
    [(ANIMAL, " it", " animal", 0.745), (CAPITAL, " is", " France", 0.85)],
)
def test_heads_read_what_they_are_said_to_read(real, text, query, key, least):
    layer, head = re.search(r"layer (\d+), head (\d+)", LINES[text]).groups()
    traced, pieces = pass_over(real, text)
    row = traced.blocks[int(layer) - 1].attention.weights[0, int(head) - 1, pieces.index(query)]
    assert int(row.argmax()) == pieces.index(key)
    assert float(row[pieces.index(key)]) >= least
    if text == ANIMAL:
        assert f"“animal” {round(100 * float(row.max()))} %" in LINES[text]


def test_the_name_that_is_left_stands_there_once(real):
    _, pieces = pass_over(real, "When Alice and Bob went out, Alice gave a drink to")
    assert [pieces.count(name) for name in (" Bob", " Alice")] == [1, 2]


def test_a_reader_without_a_text_gets_one_that_the_first_model_does_well(monkeypatch):
    monkeypatch.setenv(DEFAULT_SETTING, "fable-classic")
    assert first_text() == STORY
    monkeypatch.setenv(DEFAULT_SETTING, "")
    assert first_text() == (CAPITAL if "smollm2" in catalogue().offered else STORY)


def test_no_example_is_cut(real):
    for text in TEXTS:
        with torch.inference_mode():
            assert real.tokenizer.decode(real.tokenizer.encode(text)) == text
