"""The experiment `recurrence`: equal parameters, its gradients and clock, and what it may say."""

from itertools import pairwise

import pytest
import torch
from torch import nn

from transformer_core.lens.reach import gradient_by_distance
from transformer_core.training import step_time
from transformer_core.training.experiments import recurrence, recurrence_findings
from transformer_core.training.experiments.recurrence_findings import (
    CONTEXT,
    DISTANCES,
    LOOP,
    POSITIONS,
    SCAN,
    Losses,
    conclude,
)

LENGTHS = [256, 512, 1024, 2048]


@pytest.mark.parametrize("quick", [True, False])
def test_parameters_are_equal_within_2_percent_and_counted(quick):
    *trainings, timing = recurrence.settings(None, quick)
    counts = [setting["parameters"] for setting in trainings]
    assert max(counts) < 1.02 * min(counts)
    if not quick:
        assert counts[0] == 4 * (12 * 64 * 64 + 2 * 64) + 64
    assert {*timing["timed"]} > {setting["model"] for setting in trainings}
    for setting in trainings:
        model = recurrence.make(setting["model"], setting["d_model"], 32, seed=1)
        assert model.embedding.numel() == 512 * setting["d_model"]


def test_the_timed_loop_is_the_same_model_as_the_scan():
    ids = torch.arange(20)[None]
    scanned, looped = (recurrence.make(name, 16, 32, seed=1)(ids) for name in (SCAN, LOOP))
    torch.testing.assert_close(scanned, looped, atol=1e-4, rtol=1e-4)


def test_bins_are_means_of_four_figures():
    assert recurrence.binned(torch.tensor([1.0, 2.0, 4.0, 1e-9]), (0, 1, 3, 4)) == [1.0, 3.0, 1e-9]


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


@pytest.mark.parametrize("name", recurrence.RATES)
def test_the_gradient_is_that_of_the_model_itself(name):
    """Finite differences of the embedding that one position alone uses, untied by a copy."""
    model = recurrence.make(name, 16, 32, seed=1)
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
    step_time.time_steps({"LSTM": recurrence.make("LSTM", 16, 32, 1)}, (8,), 512, 1)
    assert torch.get_num_threads() == before


# ----------------------------------------------------------------------------------- the remark


def by_position(fall, level=3.0, beyond=0.0):
    """A loss that is `level` on average and falls by `fall` over the trained length."""
    ends = pairwise(POSITIONS)
    return [level - fall * a / CONTEXT + (beyond if a >= CONTEXT else 0) for a, _ in ends]


def found(falls, levels=(3.0, 3.0, 3.0), lstm_ms=None):
    models = list(recurrence.RATES)
    settings = [{"model": model, "tokens": 5} for model in models]
    flat = [0.5] * (len(DISTANCES) - 1)
    measured = [
        {
            "learning_rate": 1e-3,
            "tried": {"0.001000": 3.0, "0.002000": 3.1, "0.064000": None},
            "losses": [by_position(fall + off, level + off) for off in (0.0, 0.01)],
            "gradient": {"at the start": flat, "trained": [*flat[:-1], 0.1 / (i + 1)]},
        }
        for i, (fall, level) in enumerate(zip(falls, levels, strict=True))
    ]
    ms = {name: [n / 100 for n in LENGTHS] for name in models} | {LOOP: [n / 10 for n in LENGTHS]}
    ms["LSTM"] = lstm_ms or ms["LSTM"]
    settings.append({"lengths": LENGTHS})
    return conclude(settings, [*measured, {"ms": ms}])


@pytest.mark.parametrize(
    ("transformer", "lstm", "said"),
    [
        (0.9, 0.3, "the Transformer gains more than the LSTM"),
        (0.3, 0.9, "the Transformer gains less than the LSTM"),
        (0.3, 0.3, "the Transformer gains no more, beyond the seeds, than the LSTM"),
    ],
)
def test_who_gains_with_position_is_said_from_the_numbers(transformer, lstm, said):
    remark = found((transformer, 0.5, lstm)).remark
    assert said in remark
    assert ("these would have to grow" in remark) == (transformer <= lstm)


def test_seeds_that_overlap_are_named_and_the_best_comes_first():
    remark = found((0.3, 0.3, 0.3), levels=(3.5, 3.0, 3.005)).remark
    assert remark.index("linear recurrence") < remark.index("LSTM") < remark.index("Transformer")
    assert "The seeds of linear recurrence and LSTM overlap." in remark
    assert "overlap" not in found((0.3, 0.3, 0.3), levels=(3.5, 3.0, 3.2)).remark


def test_times_exponents_and_gradients_are_in_the_findings():
    findings = found((0.9, 0.5, 0.3))
    assert findings.fitted["exponent of time, LSTM"].value == pytest.approx(1.0)
    assert "takes 10.0 times as long" in findings.remark
    assert "192 to 255 steps back Transformer 0.1, linear recurrence 0.05" in findings.remark
    assert "most arrives in the Transformer" in findings.remark
    tried = {series.name: series for series in findings.series}["LSTM: tried"]
    assert tried.x == (0.001, 0.002)


def test_who_is_fastest_is_said_once_or_for_each_length():
    assert "The fastest at every length: LSTM." in found((1, 1, 1), lstm_ms=[1, 2, 4, 8]).remark
    crossing = found((1, 1, 1), lstm_ms=[1, 2, 40, 80]).remark
    assert "The fastest: at 256 LSTM, at 512 LSTM, at 1024 Transformer, at 2048" in crossing


def test_a_stretch_s_loss_weighs_each_position_alike():
    seed = [float(a) for a in POSITIONS[:-1]]
    expected = sum(a * (b - a) for a, b in pairwise(POSITIONS) if b <= 64)
    assert Losses([seed]).over((0, 64)) == [pytest.approx(expected / 64)]
    assert Losses([seed]).over((32, 64)) == [32.0]
    assert Losses([seed]).fall((32, 64), (96, 128)) == [-64.0]


def test_names_of_series_are_different():
    names = [series.name for series in found((0.9, 0.5, 0.3)).series]
    assert len(set(names)) == len(names)
    assert recurrence_findings.POSITIONS[-1] == recurrence_findings.LONGEST
