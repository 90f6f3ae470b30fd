"""Needles: what is asked can be answered by looking it up; findings say what the counts say."""

import numpy as np
import pytest
import torch

from transformer_core.lens.mask_effects import reach_through
from transformer_core.training.experiments.learning_rate import Tuned
from transformer_core.training.experiments.needle.findings import conclude
from transformer_core.training.experiments.needle.haystacks import (
    FIRST_FILLER,
    FIRST_PAIR,
    FIRST_QUESTION,
    MOST_PAIRS,
    N_IDS,
    N_VALUES,
    NOT_ASKED,
    NeedleBatches,
    haystacks,
)
from transformer_core.training.experiments.needle.measurement import (
    TEST_SEED,
    Counts,
    Measurement,
    answers,
    arrives,
    values_alone,
)
from transformer_core.training.experiments.needle.setting import settings
from transformer_core.training.patterned import PATTERNS, layer_patterns

LENGTH, QUESTIONS = 32, 12


@pytest.fixture(scope="module")
def drawn():
    return haystacks(np.random.default_rng(5), 300, LENGTH, QUESTIONS)


# --------------------------------------------------------------------------------- the sequences


def test_reading_from_left_to_right_answers_every_question_and_no_other(drawn):
    for inputs, targets, distances in zip(
        drawn.inputs.tolist(), drawn.targets.tolist(), drawn.distances.tolist(), strict=True
    ):
        told = {}
        for place, id in enumerate(inputs):
            asked = (NOT_ASKED, 0)
            if FIRST_PAIR <= id < FIRST_QUESTION:
                key, value = divmod(id - FIRST_PAIR, N_VALUES)
                assert key not in told
                told[key] = value, place
            elif FIRST_QUESTION <= id < FIRST_FILLER and (known := told.get(id - FIRST_QUESTION)):
                asked = known[0], place - known[1]
            assert (targets[place], distances[place]) == asked


def test_all_places_distances_and_values_come_equally_often():
    drawn = haystacks(np.random.default_rng(6), 4000, LENGTH, QUESTIONS, least=MOST_PAIRS)
    pairs = (drawn.inputs >= FIRST_PAIR) & (drawn.inputs < FIRST_QUESTION)
    assert (pairs.sum(1) == MOST_PAIRS).all()
    by_place = pairs.sum(0) / (4000 * MOST_PAIRS)
    torch.testing.assert_close(by_place, torch.full((LENGTH,), 1 / LENGTH), rtol=0.3, atol=0)
    asked = drawn.distances[drawn.distances > 0].bincount(minlength=LENGTH)[1:].float()
    wanted = torch.arange(LENGTH - 1, 0, -1) / (LENGTH * (LENGTH - 1) / 2)
    torch.testing.assert_close(asked / asked.sum(), wanted, rtol=0, atol=0.006)
    values = drawn.targets[drawn.targets >= 0].bincount(minlength=N_VALUES)
    torch.testing.assert_close(
        values / values.sum(), torch.full((N_VALUES,), 1 / N_VALUES), rtol=0.1, atol=0
    )
    assert drawn.inputs.max() < N_IDS


def test_batches_are_a_function_of_seed_and_step():
    def batch(seed, step):
        return NeedleBatches(LENGTH, 4, QUESTIONS, seed).batch(step)

    for one, same in zip(batch(1, 3), batch(1, 3), strict=True):
        assert one.shape == (4, LENGTH)
        assert torch.equal(one, same)
    assert not torch.equal(batch(1, 3)[0], batch(1, 4)[0])
    assert not torch.equal(batch(1, 3)[0], batch(2, 3)[0])
    assert TEST_SEED not in settings(None, False)[0].seeds


# ---------------------------------------------------------------------------------- the findings


class Recaller(torch.nn.Module):
    """Answers what can have arrived by a mask of reach [query, key], and nothing else."""

    def __init__(self, reach):
        super().__init__()
        self.reach = reach

    def forward(self, ids):
        logits = torch.zeros(*ids.shape, N_IDS)
        logits[..., -1] = 0.5
        for row, query, key in self.reach.expand(len(ids), -1, -1).tril(-1).nonzero().tolist():
            pair, question = int(ids[row, key]) - FIRST_PAIR, int(ids[row, query]) - FIRST_QUESTION
            if 0 <= pair < FIRST_QUESTION - FIRST_PAIR and question == pair // N_VALUES:
                logits[row, query, pair % N_VALUES] = 1
        return logits


@pytest.mark.parametrize("name", PATTERNS)
def test_one_who_recalls_all_that_can_arrive_is_right_in_reach_and_never_out_of_it(name):
    reach = reach_through(layer_patterns(name, LENGTH, 3, 4))[-1]
    test = haystacks(np.random.default_rng(7), 30, LENGTH, QUESTIONS)
    right = answers(Recaller(reach), test)
    asked = test.distances > 0
    assert torch.equal(right[asked], arrives(reach, test)[asked])


def counts(right_within, right_beyond, theory=(1.0, 1.0, 0.5, 0.0)):
    """Of two seeds, 100 questions of distance 1, 2 and 3 each, half of those of 2 in reach."""
    return Measurement(
        tuned=Tuned(0.1, {}),
        pairs=0.5,
        theory=theory,
        distance=Counts((0, 100, 100, 100), ((0, 90, 40, 10), (0, 100, 60, 20))),
        arriving=Counts((150, 150), ((right_beyond, right_within),) * 2),
        values_alone=0.7,
    )


def test_recall_by_distance_is_the_mean_of_seeds_beside_what_reach_allows():
    findings = conclude(settings(None, True)[:1], [counts(120, 19)])
    found, chance, allowed, _ = findings.series
    assert found.x == (1, 2, 3)
    assert found.y == (0.95, 0.5, 0.15)
    assert allowed.y == (1, round(0.5 + 0.5 / N_VALUES, 4), 1 / N_VALUES)
    assert set(chance.y) == {1 / N_VALUES}
    assert findings.fitted["full: recall in reach"].value == 0.8
    assert findings.fitted["full: recall out of reach"].value == pytest.approx(19 / 150, abs=1e-4)
    assert findings.fitted["full: share of questions in reach"].value == 0.5
    assert findings.fitted["full: recall in reach without keys"].value == 0.7


def test_questions_and_right_answers_are_counted_by_kind():
    kinds = torch.tensor([1, 0, 1, 2])
    right = [torch.tensor([True, False, True, False]), torch.tensor([True, True, False, False])]
    assert Counts.of(kinds, right, 4) == Counts((1, 2, 1, 0), ((0, 2, 0, 0), (1, 1, 0, 0)))


def test_values_without_keys_are_right_as_often_as_one_of_the_arrived_is_the_one_asked_for():
    window = layer_patterns("sliding window", LENGTH, 5, 2)
    reach = reach_through(window)[-1]
    test = haystacks(np.random.default_rng(8), 40, LENGTH, QUESTIONS)
    found = values_alone(reach, test)
    for row, ids in enumerate(test.inputs.tolist()):
        for query, wanted in enumerate(test.targets[row].tolist()):
            told = [
                (ids[key] - FIRST_PAIR) % N_VALUES
                for key in range(query)
                if reach[query, key] and FIRST_PAIR <= ids[key] < FIRST_QUESTION
            ]
            share = told.count(wanted) / len(told) if told else 0
            assert found[row, query] == pytest.approx(share)


def test_the_start_differs_from_the_text_models_by_the_scale_of_the_embedding_alone():
    setting = settings(None, False)[0]
    wide, usual = setting.start(1), setting.model(N_IDS, 1)
    assert float(wide.embedding.detach().std()) == pytest.approx(setting.embedding_std)
    torch.testing.assert_close(
        wide.embedding / wide.embedding.std(), usual.embedding / usual.embedding.std()
    )
    for (name, a), b in zip(wide.named_parameters(), usual.parameters(), strict=True):
        assert name == "embedding" or torch.equal(a, b)
