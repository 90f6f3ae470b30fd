"""Sentences with free labels, the classifier on a language model, and the baselines beside it."""

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import torch

from transformer_core.checkpoints import load_checkpoint
from transformer_core.training.experiments.experiment import Place
from transformer_core.training.experiments.transfer import word_pairs
from transformer_core.training.experiments.transfer.classifier import at_start, fit
from transformer_core.training.experiments.transfer.measurement import by_loss_alone
from transformer_core.training.experiments.transfer.sentences import SENTENCE, labelled, scrambled
from transformer_core.training.experiments.transfer.setting import (
    FROZEN,
    MODEL,
    PRETRAINED,
    SCRATCH,
    settings,
)

MODELS = Path(__file__).parents[4] / "assets" / "models"
STORY = (
    "Tim had a task to clean up his room. He felt lazy and wanted to play with his toys. Ben and "
    "Lily do not want to do laundry. They see a big pile of clean clothes on the sofa. The little "
    "dog ran to the park with his friend. One day a girl went to the lake with her mom."
)
TEXTS = SENTENCE.findall(STORY)


@pytest.fixture
def examples():
    return labelled(TEXTS, np.random.default_rng(0))


def quick(way):
    (found,) = (each for each in settings(Place(Path(), MODELS, Path()), True) if each.way == way)
    return found


def test_a_scrambled_sentence_has_the_same_words_and_begins_and_ends_alike():
    for text in TEXTS:
        other = scrambled(text, np.random.default_rng(1))
        assert other != text
        assert other.split()[0] == text.split()[0]
        assert other.endswith(".")
        assert Counter(other[:-1].split()) == Counter(text[:-1].split())
    assert scrambled("Go go go.", np.random.default_rng(1)) == "Go go go."


def test_only_plain_sentences_count():
    assert len(TEXTS) == 6
    assert SENTENCE.findall('He saw 3 cats. Then she ran. Why? "No."') == ["Then she ran."]


def test_every_second_one_is_scrambled_and_its_full_stop_is_found(examples):
    assert examples.labels.tolist() == [0, 1, 0, 1, 0, 1]
    assert [text == given for text, given in zip(examples.texts, TEXTS, strict=True)] == [
        True,
        False,
    ] * 3
    stops = examples.token_ids[torch.arange(6), examples.last]
    assert len(set(stops.tolist())) == 1


@pytest.mark.parametrize("way", [FROZEN, SCRATCH])
def test_a_classifier_begins_undecided_and_learns_what_it_may(way, examples):
    classifier = at_start(MODELS / MODEL, way != SCRATCH, seed=1)
    assert classifier.accuracy(examples) == 0.5  # a logit of 0 says "as written"
    before = classifier.model.blocks[0].attention.q_proj.weight.clone()
    fit(classifier, examples, quick(way), 1e-2, np.random.default_rng(0))
    moved = not torch.equal(before, classifier.model.blocks[0].attention.q_proj.weight)
    assert moved == (way != FROZEN)
    assert classifier.head.weight.abs().sum() > 0


def test_word_pairs_know_what_they_have_seen(examples):
    assert word_pairs.accuracy(examples, examples) == 1
    others = labelled(["Zed zoomed zigzag zones zestfully zero."] * 2, np.random.default_rng(0))
    assert word_pairs.accuracy(examples, others) == 0.5


def test_the_loss_alone_tells_most_of_them(examples):
    assert by_loss_alone(load_checkpoint(MODELS / MODEL), examples) >= 0.8


def test_the_tokens_of_pretraining_are_those_of_the_model():
    record = json.loads((MODELS / MODEL / "training.json").read_text("utf-8"))
    assert record["tokens_seen"] == PRETRAINED
