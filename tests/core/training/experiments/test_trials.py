"""Learning rates climbed to on a grid; trainings of one setting share text, recipe and order."""

from dataclasses import replace
from math import inf

import pytest
import torch
from torch import nn

from transformer_core.training.experiments.course import TunedCourse
from transformer_core.training.experiments.experiment import Place
from transformer_core.training.experiments.learning_rate import climb
from transformer_core.training.experiments.text import N_VOCAB, held_out_windows
from transformer_core.training.experiments.trials import Trials, text_batches
from transformer_core.training.state import Diverged, TrainingError

COURSE = TunedCourse(
    tokens=12 * 4 * 16,
    tuning_tokens=10 * 4 * 16,
    context_length=16,
    batch_size=4,
    learning_rate=1e-2,
    seeds=(1, 2),
)


class Bigrams(nn.Module):
    """The next token from this one alone."""

    def __init__(self, seed):
        super().__init__()
        generator = torch.Generator().manual_seed(seed)
        self.table = nn.Parameter(torch.randn(N_VOCAB, N_VOCAB, generator=generator) / 10)

    def forward(self, token_ids):
        return self.table[token_ids]


@pytest.fixture
def place(small_corpus, tmp_path):
    return Place(small_corpus, tmp_path / "models", tmp_path / "work")


@pytest.mark.parametrize("best", [-7, -3, -1, 0, 2, 5])
def test_climbing_ends_at_the_best_of_the_grid_with_both_neighbours_tried(best):
    def loss_at(rate):
        return abs(round(torch.tensor(rate / 1e-3).log2().item()) - best) + 1.0

    tuned = climb(loss_at, 1e-3)
    assert tuned.learning_rate == pytest.approx(1e-3 * 2.0**best)
    assert {f"{1e-3 * 2.0**i:.6f}" for i in (best - 1, best, best + 1)} <= tuned.tried.keys()


def test_a_rate_that_diverges_has_no_loss_and_is_not_chosen():
    tuned = climb(lambda rate: inf if rate > 2e-3 else 1 / rate, 4e-3)
    assert tuned.learning_rate == pytest.approx(2e-3)
    assert tuned.tried["0.004000"] is None
    with pytest.raises(Diverged, match="diverges"):
        climb(lambda rate: inf, 1e-3)


def test_runs_of_one_seed_see_the_same_text_and_start_from_that_seed(place):
    trials = Trials(COURSE, place, Bigrams)
    first = text_batches(COURSE, place, 1).batch(3)
    assert torch.equal(first[0], trials.start(1e-2, 1).batches.batch(3)[0])
    assert not torch.equal(first[0], text_batches(COURSE, place, 2).batch(3)[0])
    assert torch.equal(trials.start(1e-2, 2).model.table, Bigrams(2).table)


def test_all_runs_of_a_setting_are_trained_and_start_again_where_they_ended(place):
    trials = Trials(COURSE, place, Bigrams)
    tuned = trials.tune()
    assert len(tuned.tried) >= 3
    runs = list(trials.runs(tuned.learning_rate))
    assert [run.progress.step for run in runs] == [12, 12]
    again = list(Trials(COURSE, place, Bigrams).runs(tuned.learning_rate))
    for a, b in zip(runs, again, strict=True):
        assert torch.equal(a.model.table, b.model.table)
    with pytest.raises(TrainingError, match="other settings"):
        Trials(replace(COURSE, batch_size=2), place, Bigrams).start(tuned.learning_rate, 1)


def test_held_out_windows_are_of_the_smaller_vocabulary(place):
    windows = held_out_windows(place, 16, 4)
    assert windows.shape == (4, 17)
    assert windows.max() < N_VOCAB
