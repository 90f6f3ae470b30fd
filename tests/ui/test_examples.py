"""Each example does with the real model what its line says."""

import re

import pytest
import torch

from tests.real_model import real_model
from transformer_core.generation import Sampling, generate
from ui.examples import CAPITAL, EXAMPLES, STORY, TEXTS, first_text
from ui.known_models import DEFAULT_SETTING, catalogue
from ui.models import load, trace

ANIMAL = "The animal didn't cross the street because it was too tired"
SUM = "2 + 3 = 5, 4 + 1 ="
LEARNT = (
    "Once upon a time, there was a little girl named Lily. She"  # the beginning of many stories
)
PARAPHRASES = {
    STORY: (
        "A cat noticed a bird in the tree. She hoped to catch the",
        "In the tree, the cat saw a bird. It tried to catch the",
        "The cat was looking at a bird in a tree. It wanted to get the",
    ),
    CAPITAL: ("France has a capital, which is", "The capital city of the French is"),
    ANIMAL: (
        "The animal did not walk over the road because it was so tired",
        "Because it was too tired, the animal didn't cross the street",
    ),
    LEARNT: (
        "Long ago there lived a small girl who was called Lily. She",
        "A little girl named Lily lived once upon a time. She",
        "There once was a young girl with the name Lily. She",
    ),
}
FABLES = ("fable-classic", "fable-modern")
LINES = {example.text: example.look_for for example in EXAMPLES}


@pytest.fixture(scope="module")
def real():
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


@real_model
@pytest.mark.parametrize("text", [text for text in TEXTS if text not in (ANIMAL, SUM)])
def test_the_likeliest_next_token_is_the_one_that_is_named(real, text):
    piece, share = likeliest(real, text)
    named, percent = said(text)
    assert named == piece.strip()
    assert int(percent) == round(100 * share)


@real_model
def test_the_sum_comes_after_a_blank(real):
    piece, share = likeliest(real, SUM)
    assert (piece, share > 0.99) == (" ", True)
    named, percent = said(SUM)
    piece, share = likeliest(real, SUM + " ")
    assert (piece, round(100 * share)) == (named, int(percent))


@real_model
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


@real_model
def test_the_name_that_is_left_stands_there_once(real):
    _, pieces = pass_over(real, "When Alice and Bob went out, Alice gave a drink to")
    assert [pieces.count(name) for name in (" Bob", " Alice")] == [1, 2]


def test_a_reader_without_a_text_gets_one_that_the_first_model_does_well(monkeypatch):
    monkeypatch.setenv(DEFAULT_SETTING, "fable-classic")
    assert first_text() == STORY
    monkeypatch.setenv(DEFAULT_SETTING, "")
    assert first_text() == (CAPITAL if "smollm2" in catalogue().offered else STORY)


def second_half(model: str, text: str) -> tuple[list[int], list[int]]:
    """The second half of a text, and what the model writes after the first, greedily."""
    loaded = load(model)
    ids = loaded.tokenizer.encode(text)
    half = len(ids) // 2
    events = generate(loaded.model, ids[:half], Sampling(temperature=0), len(ids) - half)
    return ids[half:], [event.token_id for event in events]


def loss(model: str, text: str) -> float:
    """In nats a token, after the first."""
    ids = load(model).tokenizer.encode(text)
    logits = trace(model, tuple(ids)).logits[0, :-1]
    return float(torch.nn.functional.cross_entropy(logits, torch.tensor(ids[1:])))


def beside_paraphrases(model: str, text: str) -> float:
    """A text's loss as a part of that of the same in other words: small for one learnt by heart."""
    others = [loss(model, each) for each in PARAPHRASES[text]]
    return loss(model, text) / (sum(others) / len(others))


@pytest.mark.parametrize("model", ["smollm2", *FABLES])
def test_no_example_is_written_from_memory(model):
    for text in TEXTS:
        rest, written = second_half(model, text)
        assert written != rest, text
    for text in {*PARAPHRASES} - {LEARNT}:
        assert beside_paraphrases(model, text) > 0.65, text


@pytest.mark.parametrize("model", FABLES)
def test_a_beginning_that_the_fable_models_have_by_heart_is_found(model):
    """Half of it is enough for the rest, at a tenth of the loss of the same in other words."""
    rest, written = second_half(model, LEARNT)
    assert written == rest
    assert beside_paraphrases(model, LEARNT) < 0.1
    assert LEARNT not in TEXTS


@pytest.mark.parametrize(("model", "least"), [("fable-classic", 0.75), ("fable-modern", 0.6)])
def test_the_fable_models_name_the_bird_again_and_follow_a_change(model, least):
    for animal in ("bird", "fish"):
        text = STORY.replace("bird", animal)
        loaded, ids = load(model), tuple(load(model).tokenizer.encode(text))
        share, token_id = trace(model, ids).logits[0, -1].softmax(0).max(0)
        assert loaded.tokenizer.pieces([int(token_id)]) == [f" {animal}"]
        assert float(share) >= least


def test_made_up_names_are_copied_by_the_model_of_stories_too():
    """By the one that learnt absolute positions; the other one is less sure."""
    text = "Tormin and Velisk went home. Tormin and"
    for model, least in zip(FABLES, (0.7, 0.1), strict=True):
        loaded = load(model)
        ids = loaded.tokenizer.encode(text)
        share, token_id = trace(model, tuple(ids)).logits[0, -1].softmax(0).max(0)
        assert int(token_id) == ids[loaded.tokenizer.pieces(ids).index(" V")]
        assert float(share) >= least


@real_model
def test_no_example_is_cut(real):
    for text in TEXTS:
        with torch.inference_mode():
            assert real.tokenizer.decode(real.tokenizer.encode(text)) == text
