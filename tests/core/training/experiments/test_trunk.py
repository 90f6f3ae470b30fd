"""Budgets that share a trunk end where trainings of their own would have ended, to the bit."""

from dataclasses import replace

import pytest
import torch

from transformer_core.training.experiments.experiment import Place
from transformer_core.training.experiments.scaling_ladder.setting import model, settings
from transformer_core.training.experiments.scaling_ladder.trunk import (
    Trunk,
    flat_then_down,
    leaving_step,
)
from transformer_core.training.optimizer import warmup_stable_decay
from transformer_core.training.state import TrainingError

STEP = 4 * 16
BUDGETS = (8 * STEP, 17 * STEP, 30 * STEP)
SETTING = replace(
    settings(None, quick=True)[0], budgets=BUDGETS, tokens=BUDGETS[-1], warmup_steps=3
)


@pytest.fixture(params=["muon", "adamw"])
def trunk(request, small_corpus, tmp_path):
    setting = replace(SETTING, optimizer=request.param)
    place = Place(small_corpus, tmp_path / "models", tmp_path / "work")
    return Trunk(setting, place, lambda seed: model(setting, seed), 1e-2, 1)


def test_branches_equal_trainings_of_their_own(trunk, tmp_path):
    for tokens in BUDGETS:
        branch, alone = trunk.branch(tokens), trunk.start(tokens, tmp_path / f"alone_{tokens}")
        alone.train()
        assert branch.progress.step == alone.progress.step == tokens // STEP
        assert branch.progress.curve == alone.progress.curve
        for ours, theirs in zip(branch.model.parameters(), alone.model.parameters(), strict=True):
            assert torch.equal(ours, theirs)


def test_a_trunk_goes_on_after_it_was_killed(trunk, tmp_path):
    first = trunk.branch(BUDGETS[0])
    again = Trunk(trunk.setting, trunk.place, trunk.make, trunk.learning_rate, trunk.seed)
    assert torch.equal(again.branch(BUDGETS[0]).model.embedding, first.model.embedding)
    half = again.start(BUDGETS[2], again.folder / "trunk")
    half.train(until=10)
    alone = trunk.start(BUDGETS[1], tmp_path / "alone")
    alone.train()
    assert torch.equal(again.branch(BUDGETS[1]).model.embedding, alone.model.embedding)


def test_a_budget_that_the_trunk_has_passed_is_refused(trunk):
    trunk.branch(BUDGETS[1])
    with pytest.raises(TrainingError, match=r"at step 13, but the branch to 512 tokens .* at 6"):
        trunk.branch(BUDGETS[0])


@pytest.mark.parametrize("steps", [1, 2, 5, 64, 128, 1000, 8192])
@pytest.mark.parametrize("decay", [0.0, 0.1, 0.2, 0.5, 1.0])
def test_until_a_branch_leaves_the_rate_does_not_depend_on_the_end(steps, decay):
    leaves = leaving_step(steps, decay)
    rates = [flat_then_down(10, decay, step, steps) for step in range(steps)]
    assert rates[:leaves] == [min(1.0, (step + 1) / 10) for step in range(leaves)]
    assert all(rate > 0 for rate in rates)


def test_after_the_warm_up_it_is_the_schedule_of_every_other_training():
    rates = [flat_then_down(10, 0.2, step, 100) for step in range(10, 100)]
    assert rates == [warmup_stable_decay(step / 100, 0.05, 0.2) for step in range(10, 100)]
