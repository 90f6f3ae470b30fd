"""Needles: what is asked can be answered by looking it up; findings say what the counts say."""

import numpy as np
import pytest
import torch

from transformer_core.lens.mask_effects import reach_through
from transformer_core.training.experiments import attention_patterns, needle, pattern_findings
from transformer_core.training.experiments.needle_findings import conclude
from transformer_core.training.needle import (
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
    assert needle.TEST_SEED not in needle.settings(None, False)[0]["seeds"]


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
    right = needle.answers(Recaller(reach), test)
    asked = test.distances > 0
    assert torch.equal(right[asked], needle.arrives(reach, test)[asked])


def counts(right_within, right_beyond, theory=(1.0, 1.0, 0.5, 0.0)):
    """Of two seeds, 100 questions of distance 1, 2 and 3 each, half of those of 2 in reach."""
    return {
        "pairs": 0.5,
        "theory": list(theory),
        "distance": {"asked": [0, 100, 100, 100], "right": [[0, 90, 40, 10], [0, 100, 60, 20]]},
        "arriving": {"asked": [150, 150], "right": [[right_beyond, right_within]] * 2},
        "values_alone": 0.7,
    }


SETTING = {"n_layers": 2, "window": 2, "tokens": 7, "test_sequences": 1000}


def test_recall_by_distance_is_the_mean_of_seeds_beside_what_reach_allows():
    findings = conclude([SETTING | {"pattern": "full"}], [counts(120, 19)])
    found, chance, allowed, _ = findings.series
    assert found.x == (1, 2, 3)
    assert found.y == (0.95, 0.5, 0.15)
    assert allowed.y == (1, round(0.5 + 0.5 / N_VALUES, 4), 1 / N_VALUES)
    assert set(chance.y) == {1 / N_VALUES}
    assert findings.fitted["full: recall in reach"].value == 0.8
    assert findings.fitted["full: recall out of reach"].value == pytest.approx(19 / 150, abs=1e-4)
    assert findings.fitted["full: share of questions in reach"].value == 0.5
    assert findings.fitted["full: recall in reach without keys"].value == 0.7
    assert (
        "full 50% in reach (up to 2 back), 80% of those right where values without keys give 70%"
    ) in findings.remark
    assert "2 x (2 - 1) = 2 tokens back" in findings.remark


@pytest.mark.parametrize(("beyond", "said"), [(19, "no better than"), (60, "differs from")])
def test_the_remark_tells_recall_out_of_reach_from_chance(beyond, said):
    settings = [SETTING | {"pattern": name} for name in ("full", "chunks")]
    findings = conclude(settings, [counts(120, beyond), counts(30, beyond)])
    assert said in findings.remark
    assert findings.remark.endswith(
        "Less than half of what keys could add is learnt by full, chunks: reach is a limit and no "
        "promise."
    )


def test_the_remark_tells_where_the_window_s_reach_ends():
    remark = conclude([SETTING | {"pattern": "sliding window"}], [counts(150, 19)]).remark
    assert "2 tokens back: there 50% are right, one further 15%. Of all" in remark
    assert remark.endswith("All learn more than half of what keys can add.")


def test_values_without_keys_are_right_as_often_as_one_of_the_arrived_is_the_one_asked_for():
    window = layer_patterns("sliding window", LENGTH, 5, 2)
    reach = reach_through(window)[-1]
    test = haystacks(np.random.default_rng(8), 40, LENGTH, QUESTIONS)
    found = needle.values_alone(reach, test)
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
    setting = needle.settings(None, False)[0]
    wide, usual = needle.model(setting, 1), attention_patterns.model(setting, N_IDS, 1)
    assert float(wide.embedding.detach().std()) == pytest.approx(setting["embedding_std"])
    torch.testing.assert_close(
        wide.embedding / wide.embedding.std(), usual.embedding / usual.embedding.std()
    )
    for (name, a), b in zip(wide.named_parameters(), usual.parameters(), strict=True):
        assert name == "embedding" or torch.equal(a, b)


def text(means, last):
    nats = [[5.0, 4.0, 3.5, last - shift] for shift in (0, 0.1)]
    return {"mean": means, "nats": nats, "pairs": 0.25, "flops": 0.9}


def test_what_text_models_lose_is_compared_seed_by_seed():
    names = ["full", "chunks", "dilated", "block-sparse"]
    means = [[3.0, 3.2], [3.1, 3.3], [2.9, 3.1], [3.1, 3.1]]
    settings = [{"pattern": n, "tokens": 9, "context_length": 4} for n in names]
    findings = pattern_findings.conclude(settings, [text(m, 3.4) for m in means])
    for sentence in (
        "Full attention: 3.100 nats per token.",
        "chunks +0.100 (25% of the pairs, 90% of the FLOPs)",
        "Worse than full with every seed: chunks. Better with every seed: dilated. "
        "Worse or better by seed: block-sparse. Seeds of one pattern differ by up to 0.200.",
    ):
        assert sentence in findings.remark
    above = [s for s in findings.series if "above" in s.y_label]
    assert [s.name for s in above] == names[1:]
    assert all(set(s.y) == {0.0} for s in above)
    assert findings.fitted["chunks: mean loss"].low == 3.1


def test_bins_double_and_hold_every_position_once():
    assert pattern_findings.edges(128) == [0, 1, 2, 4, 8, 16, 32, 64, 128]
    assert pattern_findings.edges(12) == [0, 1, 2, 4, 8, 12]
    assert attention_patterns._doubling(torch.arange(8.0)) == [0, 1, 2.5, 5.5]
