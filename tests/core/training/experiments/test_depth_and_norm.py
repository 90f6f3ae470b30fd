"""Depth against norm: fair settings, kept gradients, runs that diverge."""

from dataclasses import replace

import pytest
import torch
from torch.optim import AdamW

from transformer_core.training.corpus import Mixture
from transformer_core.training.experiments.depth_and_norm.findings import conclude
from transformer_core.training.experiments.depth_and_norm.measurement import (
    SAME,
    Line,
    Measurement,
    Outcome,
    measure,
)
from transformer_core.training.experiments.depth_and_norm.runs import (
    Curve,
    StackTrainings,
    frequencies_loss,
)
from transformer_core.training.experiments.depth_and_norm.setting import make, settings
from transformer_core.training.experiments.experiment import Place
from transformer_core.training.experiments.text import N_VOCAB, held_out_windows
from transformer_core.training.experiments.trials import text_batches


@pytest.fixture
def place(small_corpus, tmp_path):
    return Place(small_corpus, tmp_path / "models", tmp_path / "work")


def test_settings_of_one_depth_differ_in_the_design_only(place):
    for quick in (True, False):
        by_depth = {}
        for setting in settings(place, quick):
            kept = replace(setting, design="", rates=(), warm_ups={})
            by_depth.setdefault(setting.n_layers, []).append(kept)
        for first, *others in by_depth.values():
            assert len(others) == 2
            assert all(other == first for other in others)


def test_parameters_are_equal_but_for_the_final_norm(place):
    for setting in settings(place, quick=False)[:3]:
        count = sum(p.numel() for p in make(setting, 1).parameters())
        d, layers = 32, 4
        table = (N_VOCAB + 64) * d
        block = 12 * d * d + 9 * d + 2 * 2 * d
        final_norm = 0 if setting.design == "post-norm" else 2 * d
        assert count == table + layers * block + final_norm


def test_a_run_keeps_its_losses_and_the_gradients_after_the_asked_step(place):
    setting = replace(settings(place, quick=True)[0], warmup=0.0)
    windows = held_out_windows(place, 16, 4)
    trainings = StackTrainings(setting, place, lambda seed: make(setting, seed))
    found = trainings.train(1e-2, 1, windows)
    assert found.steps == (0, 10, 20)
    assert found.diverged is None
    assert found.loss[0] > found.loss[2]

    model = make(setting, 1)
    elsewhere = replace(trainings, place=replace(place, work=place.work / "until_ten"))
    ten = elsewhere.start(1e-2, 1)
    ten.train(until=10)
    model.load_state_dict(ten.model.state_dict())
    logits = model(windows[:, :-1]).log_softmax(-1)
    (-logits.gather(-1, windows[:, 1:, None]).mean()).backward()
    norms = [float(b.feed_forward.down_proj.weight.grad.norm()) for b in model.blocks]
    assert found.after == pytest.approx(tuple(norms), rel=1e-3)
    assert trainings.train(1e-2, 1, windows) == found


def test_a_diverged_run_is_recorded_with_its_curve_until_then(place, monkeypatch):
    setting = replace(settings(place, quick=True)[0], warmup=0.0)
    step = AdamW.step

    def broken(self, *arguments):
        step(self, *arguments)
        if self.state and max(float(s["step"]) for s in self.state.values()) >= 5:
            self.param_groups[0]["params"][0].data.fill_(float("nan"))

    monkeypatch.setattr(AdamW, "step", broken)
    trainings = StackTrainings(setting, place, lambda seed: make(setting, seed))
    found = trainings.train(1e-2, 1, held_out_windows(place, 16, 4))
    assert found.diverged == 5
    assert found.steps == (0,)
    assert found.after == ()


def test_a_rate_at_which_the_run_diverges_is_not_chosen(place, monkeypatch):
    def diverging(trainings, rate, seed, windows):
        loss, diverged = (3.0, 4) if rate > 5e-2 else (5.0, None)
        return Curve((0,), (loss,), diverged, ())

    monkeypatch.setattr(StackTrainings, "train", diverging)
    found = measure(settings(place, quick=True)[0], place)
    assert found.lines["warm-up"].rate == 3.2e-2
    assert found.rates["warm-up"]["0.064000"] == Outcome(3.0, 4)


def test_the_loss_of_frequencies_is_the_windows_cross_entropy(place):
    setting = settings(place, quick=True)[0]
    windows = held_out_windows(place, 16, 4)
    batches = text_batches(setting, place, 1)
    assert isinstance(batches, Mixture)
    counts = dict.fromkeys(range(N_VOCAB), 1)
    for step in range(20):
        for token in batches.batch(step)[1].flatten().tolist():
            counts[token] += 1
    total = sum(counts.values())
    targets = windows[:, 1:].flatten().tolist()
    expected = -sum(torch.tensor(counts[t] / total).log().item() for t in targets) / len(targets)
    assert frequencies_loss(setting, place, windows) == pytest.approx(expected, rel=1e-4)


# ---------------------------------------------------------------------------------- the findings


def line(loss, other_seed=0.0):
    return Line(1e-2, Curve((0, 10), (6.0, loss), None, (1.0, 2.0)), (loss, loss + other_seed))


def stacks(diverged=None):
    """All designs at two depths, all at a loss of 4.0, but for another seed's 4.2 without skips."""
    found = []
    for setting in settings(None, quick=True):
        other = 0.2 if setting.design == "no skips" else 0.0
        variants = (*setting.warm_ups, SAME) if len(setting.warm_ups) > 1 else setting.warm_ups
        rates = {"0.005000": Outcome(4.5, None), "0.010000": Outcome(4.0, None)}
        rates["0.020000"] = Outcome(9.0, diverged)
        found.append(
            Measurement(
                lines={variant: line(4.0, other) for variant in variants},
                rates=dict.fromkeys(setting.warm_ups, rates),
                start=(0.5, 0.25),
                frequencies=5.0,
            )
        )
    return conclude(settings(None, quick=True), found).series


def test_the_loss_at_a_depth_is_the_mean_over_the_seeds():
    by_depth = {series.name: series for series in stacks() if series.x_label == "layers"}
    assert by_depth["no skips, warm-up"].x == (2, 3)
    assert by_depth["no skips, warm-up"].y == (4.1, 4.1)
    assert by_depth["post-norm, no warm-up, same rate"].y == (4.0, 4.0)
    assert by_depth["token frequencies alone"].y == (5.0, 5.0)


def test_a_rate_at_which_a_run_diverged_is_not_drawn():
    for diverged, rates in ((None, (0.005, 0.01, 0.02)), (7, (0.005, 0.01))):
        drawn = [series for series in stacks(diverged) if "learning rate" in series.x_label]
        assert {series.x for series in drawn} == {rates}


def test_a_chart_has_at_most_eight_lines():
    charts = {}
    for series in stacks():
        charts.setdefault((series.x_label, series.y_label), []).append(series.name)
    assert max(map(len, charts.values())) == 8
    assert all(len(set(names)) == len(names) for names in charts.values())
