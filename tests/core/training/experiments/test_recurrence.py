"""The experiment `recurrence`: equal parameters, its gradients, its clock, what is made of them."""

from itertools import pairwise

import pytest
import torch
from torch import nn

from transformer_core.lens.reach import gradient_by_distance
from transformer_core.training.experiments.learning_rate import Tuned
from transformer_core.training.experiments.recurrence import step_time
from transformer_core.training.experiments.recurrence.findings import conclude, over
from transformer_core.training.experiments.recurrence.measurement import (
    DISTANCES,
    POSITIONS,
    Timed,
    Trained,
    binned,
)
from transformer_core.training.experiments.recurrence.setting import (
    CONTEXT,
    LONGEST,
    LOOP,
    MODELS,
    SCAN,
    Timing,
    make,
    settings,
)

LENGTHS = (256, 512, 1024, 2048)


@pytest.mark.parametrize("quick", [True, False])
def test_parameters_are_equal_within_2_percent_and_counted(quick):
    *trainings, timing = settings(None, quick)
    counts = [setting.parameters for setting in trainings]
    assert max(counts) < 1.02 * min(counts)
    if not quick:
        assert counts[0] == 4 * (12 * 64 * 64 + 2 * 64) + 64
    assert {*timing.timed} > {setting.model for setting in trainings}
    for setting in trainings:
        model = make(setting.model, setting.d_model, 32, seed=1)
        assert model.embedding.numel() == 512 * setting.d_model


def test_the_timed_loop_is_the_same_model_as_the_scan():
    ids = torch.arange(20)[None]
    scanned, looped = (make(name, 16, 32, seed=1)(ids) for name in (SCAN, LOOP))
    torch.testing.assert_close(scanned, looped, atol=1e-4, rtol=1e-4)


def test_bins_are_means_of_four_figures():
    assert binned(torch.tensor([1.0, 2.0, 4.0, 1e-9]), (0, 1, 3, 4)) == (1.0, 3.0, 1e-9)


# --------------------------------------------------------------------------------- the gradient


class Halving(nn.Module):
    """A model whose last position feels k steps back 0.5^k times as much as itself."""

    final_norm = nn.Identity()

    def __init__(self):
        super().__init__()
        self.blocks = [self._halve]
        self.embedding = torch.randn(7, 4, generator=torch.Generator().manual_seed(0))

    def _halve(self, x):
        n = torch.arange(x.shape[1])
        return torch.tril(0.5 ** (n[:, None] - n).clamp(0).float()) @ x

    def embed(self, ids):
        return self.embedding[ids]

    def unembed(self, x):
        return x @ self.embedding.T


def test_the_gradient_of_a_model_that_halves_halves_with_each_step():
    windows = torch.randint(0, 7, (20, 9), generator=torch.Generator().manual_seed(1))
    found = gradient_by_distance(Halving(), windows)
    assert (found / found[0]).tolist() == pytest.approx([0.5**k for k in range(8)])


@pytest.mark.parametrize("name", MODELS)
def test_the_gradient_is_that_of_the_model_itself(name):
    """Finite differences of the embedding that one position alone uses, untied by a copy."""
    model = make(name, 16, 32, seed=1)
    window = torch.tensor([[5, 3, 8, 1, 9]])
    found = gradient_by_distance(model, window)
    for k in (0, 2):
        looked_up = model.embed(window[:, :-1])[0, 3 - k].detach()
        slopes = [_slope(model, window, 3 - k, i) for i in range(len(looked_up))]
        assert found[k] == pytest.approx(float(torch.stack(slopes).norm()), rel=0.03, abs=5e-5)


@torch.no_grad()
def _slope(model, window, position, i, step=2e-2):
    def loss(change):
        embedded = model.embed(window[:, :-1])
        embedded[0, position, i] += change
        model.embed, own = (lambda *_: embedded), model.embed
        try:
            logits = model(window[:, :-1])[0, -1]
        finally:
            model.embed = own
        return nn.functional.cross_entropy(logits, window[0, -1])

    return (loss(step) - loss(-step)) / (2 * step)


# ------------------------------------------------------------------------------------ the clock


def test_models_are_timed_in_turn_and_the_first_round_is_not_counted(monkeypatch):
    asked, clock = [], iter(range(10_000))

    class Asked(nn.Module):
        def __init__(self, name):
            super().__init__()
            self.name, self.table = name, nn.Parameter(torch.zeros(8, 8))

        def forward(self, ids):
            asked.append((self.name, ids.shape[1]))
            for _ in range(100 if len(asked) <= 4 else ids.shape[1]):
                next(clock)
            return self.table[ids]

    monkeypatch.setattr(step_time, "CLOCK", lambda: next(clock))
    models = {name: Asked(name) for name in "ab"}
    seconds = step_time.time_steps(models, (4, 6), 8, repeats=3)
    assert asked == [("a", 4), ("b", 4), ("a", 6), ("b", 6)] * 4
    assert seconds == {"a": [5, 7], "b": [5, 7]}
    assert all(model.table.grad is None for model in models.values())


def test_the_number_of_threads_is_left_as_it_was():
    before = torch.get_num_threads()
    step_time.time_steps({"LSTM": make("LSTM", 16, 32, 1)}, (8,), 512, 1)
    assert torch.get_num_threads() == before


# ---------------------------------------------------------------------------------- the findings


def found():
    """Two seeds of each model, 0.01 apart; a loss that falls by 0.5 over the trained length."""
    trainings = settings(None, quick=True)[:-1]
    flat = (0.5,) * (len(DISTANCES) - 1)
    measured = [
        Trained(
            Tuned(1e-3, {"0.001000": 3.0, "0.002000": 3.1, "0.064000": None}),
            tuple(tuple(level - 0.5 * a / CONTEXT for a in POSITIONS[:-1]) for level in (3, 3.01)),
            at_start=flat,
            after=(*flat[:-1], 0.1),
        )
        for _ in trainings
    ]
    ms = {name: tuple(n / 100 for n in LENGTHS) for name in (*MODELS, LOOP)}
    timing = Timing(timed=tuple(ms), d_model=16, lengths=LENGTHS, repeats=1)
    return conclude([*trainings, timing], [*measured, Timed(ms)])


def test_losses_exponents_and_rates_are_in_the_findings():
    findings = found()
    assert findings.fitted[f"exponent of time, {LOOP}"].value == pytest.approx(1.0)
    loss = findings.fitted["loss, LSTM"]
    assert loss.low < loss.value < loss.high == pytest.approx(loss.low + 0.01)
    curves = {series.name: series for series in findings.series}
    assert curves["LSTM: tried"].x == (0.001, 0.002)
    assert curves["Transformer, trained"].y[-1] == 0.1
    assert curves["LSTM, lowest seed"].y < curves["LSTM"].y < curves["LSTM, highest seed"].y


def test_a_stretch_s_loss_weighs_each_position_alike():
    seed = tuple(float(a) for a in POSITIONS[:-1])
    expected = sum(a * (b - a) for a, b in pairwise(POSITIONS) if b <= 64)
    assert over(seed, (0, 64)) == pytest.approx(expected / 64)
    assert over(seed, (32, 64)) == 32.0


def test_names_of_series_are_different():
    names = [series.name for series in found().series]
    assert len(set(names)) == len(names)
    assert POSITIONS[-1] == LONGEST
