"""Hidden words as they are trained: what is asked, and that little training teaches something."""

import json

import numpy as np
import pytest
import torch

from transformer_core.shipped_vocabulary import load_shipped
from transformer_core.training import masked_card, masked_words
from transformer_core.training.corpus import prepare
from transformer_core.training.masked_words import NOT_ASKED, masked_run
from transformer_core.training.state import Recipe

WORDS = ["cat", "dog", "sun", "tree", "ran", "saw", "big", "red", "and", "the"]


def story(number):
    words = np.random.default_rng(number).choice(WORDS, 200)
    return f"Story {number} began. {' '.join(words)}.\n\nThe end of {number}."


@pytest.fixture(scope="module")
def tokens(tmp_path_factory):
    corpus, out = tmp_path_factory.mktemp("corpus"), tmp_path_factory.mktemp("tokens")
    stories = "\n<|endoftext|>\n".join(map(story, range(100)))
    (corpus / "tinystories.txt").write_text(stories, "utf-8")
    prepare(corpus, out, processes=1)
    return out


@pytest.fixture
def run(tokens, tmp_path):
    recipe = Recipe({"tinystories": 1.0}, 12 * 4 * 64, 4, 4, repeated=0.0)
    return masked_run(recipe, tokens, tmp_path / "run", compiled=False)


def test_about_three_tokens_in_ten_are_hidden_and_only_they_are_asked(run):
    mask = load_shipped().n_vocab
    shares = []
    for step in range(20):
        inputs, targets = run.batches.batch(step)
        hidden = inputs == mask
        assert torch.equal(hidden, targets != NOT_ASKED)
        assert (targets[hidden] < mask).all()
        shares.append(hidden.float().mean().item())
    assert np.mean(shares) == pytest.approx(masked_words.HIDDEN, abs=0.02)
    for first, again in zip(run.batches.batch(3), run.batches.batch(3), strict=True):
        assert torch.equal(first, again)


def test_it_learns_and_is_written_down(run, tokens, tmp_path, monkeypatch):
    monkeypatch.setattr(masked_card, "PASSAGES", 2)
    run.train()
    first, last = run.progress.curve[0]["loss"], run.progress.curve[-1]["loss"]
    assert last < first
    masked_card.export(run, tokens, tmp_path / "named", "the command", "this machine")
    record = json.loads((tmp_path / "named" / "training.json").read_text("utf-8"))
    found = record["held_out"]
    assert found["tokens"] == 128
    assert 0 <= found["both_ways"]["right"] <= 128
    assert 0 < found["before_only"]["nats"] < 20
    assert "the command" in (tmp_path / "named" / "README.md").read_text("utf-8")
