"""Accuracy of one way by the number of labelled examples, for each seed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from transformer_core.checkpoints import load_checkpoint
from transformer_core.training.experiments.experiment import Place
from transformer_core.training.experiments.transfer import word_pairs
from transformer_core.training.experiments.transfer.classifier import at_start, fit
from transformer_core.training.experiments.transfer.sentences import (
    Labelled,
    labelled,
    sentences,
)
from transformer_core.training.experiments.transfer.setting import (
    MODEL,
    PAIRS,
    SCRATCH,
    SOURCE,
    Setting,
)
from transformer_core.transformer import Transformer

TEST_SEED, TUNING_SEED = 1000, 0  # no run has them


@dataclass(frozen=True)
class Measurement:
    """Of one way. accuracy: by the number of examples, for each seed.

    tuned: accuracy on sentences for tuning at each rate; without_labels: what the loss alone tells.
    """

    rate: float
    tuned: tuple[float, ...]
    accuracy: tuple[tuple[float, ...], ...]
    without_labels: float


@dataclass(frozen=True)
class Texts:
    """To learn from, to choose a learning rate on, and to be tested on; none comes twice."""

    train: tuple[str, ...]
    tuning: tuple[str, ...]
    test: Labelled


def measure(setting: Setting, place: Place) -> Measurement:
    """All numbers of examples, all seeds."""
    trials = Trials(setting, place, read_texts(setting, place))
    texts, few = trials.texts, setting.tuning_examples
    tuning = labelled(texts.tuning, np.random.default_rng(TEST_SEED))
    tuned = [trials.accuracy(few, rate, TUNING_SEED, tuning) for rate in setting.rates]
    rate = setting.rates[int(np.argmax(tuned))] if tuned else 0.0
    found = tuple(
        tuple(trials.accuracy(n, rate, seed, texts.test) for seed in setting.seeds)
        for n in setting.examples
    )
    model = load_checkpoint(place.models / MODEL)
    return Measurement(rate, tuple(tuned), found, round(by_loss_alone(model, texts.test), 4))


def read_texts(setting: Setting, place: Place) -> Texts:
    """The test is of held-out stories; the model has read the others, without labels."""
    train = sentences(place.tokens, SOURCE, "train")
    read = set(train)
    held_out = [each for each in sentences(place.tokens, SOURCE, "held_out") if each not in read]
    random = np.random.default_rng(TEST_SEED)
    test = labelled(held_out[: setting.test_sentences], random)
    mixed = [train[i] for i in random.permutation(len(train))]
    cut = len(mixed) - min(setting.test_sentences, len(mixed) // 2)
    return Texts(tuple(mixed[:cut]), tuple(mixed[cut:]), test)


@dataclass(frozen=True)
class Trials:
    """Classifiers of one way."""

    setting: Setting
    place: Place
    texts: Texts

    def accuracy(self, n: int, rate: float, seed: int, test: Labelled) -> float:
        """Of one, from n examples; a seed draws the same ones for all ways."""
        drawn = np.random.default_rng((seed, n))
        train, way = self.texts.train, self.setting.way
        examples = labelled([train[i] for i in drawn.permutation(len(train))[:n]], drawn)
        if way == PAIRS:
            return round(word_pairs.accuracy(examples, test), 4)
        classifier = at_start(self.place.models / MODEL, way != SCRATCH, seed)
        fit(classifier, examples, self.setting, rate, drawn)
        return round(classifier.accuracy(test), 4)


@torch.inference_mode()
def by_loss_alone(model: Transformer, test: Labelled) -> float:
    """Share of right answers where the half with the higher mean loss is called scrambled."""
    loss = mean_loss(model, test)
    called = loss > loss.median()
    return float((called == (test.labels > 0)).float().mean())


def mean_loss(model: Transformer, test: Labelled) -> Tensor:
    """Nats per token of each sentence, its first token given; [sentence]."""
    targets = test.token_ids[:, 1:]
    logits = model(test.token_ids[:, :-1])
    losses = F.cross_entropy(logits.flatten(0, 1), targets.flatten(), reduction="none")
    inside = torch.arange(targets.shape[1]) < test.last[:, None]
    return (losses.view(targets.shape) * inside).sum(1) / test.last
