"""Depth against norm: fair settings, kept gradients, a remark that is true of its numbers."""

from dataclasses import replace

import pytest
import torch
from torch.optim import AdamW

from transformer_core.training.corpus import Mixture
from transformer_core.training.experiments import depth_and_norm
from transformer_core.training.experiments.depth_and_norm import make, measure, settings
from transformer_core.training.experiments.depth_findings import conclude
from transformer_core.training.experiments.experiment import Place
from transformer_core.training.experiments.stack_runs import frequencies_loss, train
from transformer_core.training.experiments.trainings import (
    N_VOCAB,
    Trials,
    held_out_windows,
    text_batches,
)


@pytest.fixture
def place(small_corpus, tmp_path):
    return Place(small_corpus, tmp_path / "models", tmp_path / "work")


def test_settings_of_one_depth_differ_in_the_design_only(place):
    for quick in (True, False):
        by_depth = {}
        for setting in settings(place, quick):
            kept = {k: v for k, v in setting.items() if k not in ("design", "rates")}
            by_depth.setdefault(setting["n_layers"], []).append(kept | {"warm_ups": None})
        for first, *others in by_depth.values():
            assert len(others) == 2
            assert all(other == first for other in others)


def test_parameters_are_equal_but_for_the_final_norm(place):
    for setting in settings(place, quick=False)[:3]:
        count = sum(p.numel() for p in make(setting, 1).parameters())
        d, layers = 32, 4
        table = (N_VOCAB + 64) * d
        block = 12 * d * d + 9 * d + 2 * 2 * d
        final_norm = 0 if setting["design"] == "post-norm" else 2 * d
        assert count == table + layers * block + final_norm


def test_a_run_keeps_its_losses_and_the_gradients_after_the_asked_step(place):
    setting = settings(place, quick=True)[0] | {"warmup": 0.0}
    windows = held_out_windows(place, 16, 4)
    trials = Trials(setting, place, lambda seed: make(setting, seed))
    found = train(trials, 1e-2, 1, windows)
    assert found["steps"] == [0, 10, 20]
    assert found["diverged"] is None
    assert found["loss"][0] > found["loss"][2]

    model = make(setting, 1)
    elsewhere = replace(trials, place=replace(place, work=place.work / "until_ten"))
    ten = elsewhere.start(1e-2, 1)
    ten.train(until=10)
    model.load_state_dict(ten.model.state_dict())
    logits = model(windows[:, :-1]).log_softmax(-1)
    (-logits.gather(-1, windows[:, 1:, None]).mean()).backward()
    norms = [float(b.feed_forward.down_proj.weight.grad.norm()) for b in model.blocks]
    assert found["after"] == pytest.approx(norms, rel=1e-3)
    assert train(trials, 1e-2, 1, windows) == found


def test_a_diverged_run_is_recorded_with_its_curve_until_then(place, monkeypatch):
    setting = settings(place, quick=True)[0] | {"warmup": 0.0}
    step = AdamW.step

    def broken(self, *arguments):
        step(self, *arguments)
        if self.state and max(float(s["step"]) for s in self.state.values()) >= 5:
            self.param_groups[0]["params"][0].data.fill_(float("nan"))

    monkeypatch.setattr(AdamW, "step", broken)
    trials = Trials(setting, place, lambda seed: make(setting, seed))
    found = train(trials, 1e-2, 1, held_out_windows(place, 16, 4))
    assert found["diverged"] == 5
    assert found["steps"] == [0]
    assert found["after"] == []


def test_a_rate_at_which_the_run_diverges_is_not_chosen(place, monkeypatch):
    def diverging(trials, rate, seed, windows):
        loss, diverged = (3.0, 4) if rate > 5e-2 else (5.0, None)
        return {"steps": [0], "loss": [loss], "diverged": diverged, "after": []}

    monkeypatch.setattr(depth_and_norm, "train", diverging)
    found = measure(settings(place, quick=True)[0], place)
    assert found["lines"]["warm-up"]["rate"] == 3.2e-2
    assert found["rates"]["warm-up"]["0.064000"] == {"loss": 3.0, "diverged": 4}


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


# ------------------------------------------------------------------------------------ the remark


def line(loss):
    return {
        "rate": 1e-2,
        "steps": [0, 10],
        "loss": [6.0, loss],
        "last": [loss],
        "diverged": None,
        "after": [1.0, 2.0],
    }


def stacks(losses, start=(0.5, 0.25), diverged=None):
    """`losses`: of each design at 2 and 8 layers, (warm-up, none, none at the same rate)."""
    found, settings = [], []
    for design, by_depth in losses.items():
        for n, each in zip((2, 8), by_depth, strict=True):
            names = ("warm-up", "no warm-up", "no warm-up, same rate")[: len(each)]
            rates = {"0.005000": None, "0.010000": None, "0.020000": diverged}
            settings.append({"design": design, "n_layers": n, "gradients_after": 10, "tokens": 99})
            found.append(
                {
                    "lines": {k: line(v) for k, v in zip(names, each, strict=True)},
                    "rates": {
                        "warm-up": {r: {"loss": each[0], "diverged": d} for r, d in rates.items()}
                    },
                    "start": [start[0], start[1] / n],
                    "frequencies": 5.0,
                }
            )
    return settings, found


def said(*arguments, **more):
    return conclude(*stacks(*arguments, **more)).remark


NEEDED = {
    "pre-norm": [(4.0, 4.0, 4.0), (4.0, 4.0, 4.1)],
    "post-norm": [(4.0, 4.0, 4.0), (4.2, 4.4, 5.2)],
    "no skips": [(4.8,), (5.0,)],
}


def test_the_remark_says_where_post_norm_needs_its_warm_up():
    text = said(NEEDED)
    assert "post-norm needs it more than pre-norm, at the rate tuned with it: at 8 layers." in text
    assert "post-norm +0.00 (2), +0.20 (8) at its own rate, +0.00 (2), +1.00 (8) at" in text
    assert "More than frequencies learns no skips at 2 layers." in text
    assert "post-norm 4.00 (2), 4.20 (8)" in text
    assert "No run diverged." in text
    assert "with a warm-up: none." in text
    assert "falls by a factor of 4.0 in pre-norm (1/√layers: 2.0) and of 4.0 in post-norm" in text


def test_the_remark_says_so_where_the_textbook_does_not_hold():
    text = said(NEEDED | {"post-norm": [(4.0, 4.0, 4.0), (5.0, 5.0, 5.0)]})
    assert "does not show in so short a training" in text
    assert "More than frequencies learns post-norm at 2 layers." in text


def test_the_remark_names_what_diverged():
    assert "pre-norm, warm-up (2) at rate 0.02, step 7" in said(NEEDED, diverged=7)


def test_a_chart_has_at_most_eight_lines():
    charts = {}
    for series in conclude(*stacks(NEEDED)).series:
        charts.setdefault((series.x_label, series.y_label), []).append(series.name)
    assert max(map(len, charts.values())) == 8
    assert all(len(set(names)) == len(names) for names in charts.values())
