"""A ladder's laws: known ones come back from its points, and every point is in the findings."""

from itertools import pairwise
from math import log

import pytest

from transformer_core.laws.points import Point
from transformer_core.laws.scaling import ParametricLaw
from transformer_core.training.experiments.learning_rate import Tuned
from transformer_core.training.experiments.scaling_ladder.findings import amount, conclude
from transformer_core.training.experiments.scaling_ladder.fits import (
    Ladder,
    Rung,
    lower_edge,
    power_law,
)
from transformer_core.training.experiments.scaling_ladder.measurement import Measurement
from transformer_core.training.experiments.scaling_ladder.setting import SIZES, model, settings

SETTINGS = settings(None, quick=False)
LAW = ParametricLaw("Known", "illustrative", e=1.5, a=30, b=500, alpha=0.4, beta=0.5)


def ladder_of(loss):
    """The ladder as it is trained, with losses from a formula of N and D."""
    rungs = []
    for s in SETTINGS:
        losses = tuple(loss(s.parameters, tokens) for tokens in s.budgets)
        rungs.append(Rung(s.parameters, s.flops_per_token, tuple(s.budgets), losses))
    return Ladder(tuple(rungs))


KNOWN = ladder_of(LAW.loss)


# ------------------------------------------------------------------------------------ the settings


def test_there_are_eight_sizes_of_ten_thousand_to_ten_million_with_four_budgets_each():
    sizes = [setting.parameters for setting in SETTINGS]
    assert len(sizes) >= 8
    assert sizes == sorted(sizes)
    assert sizes[0] == pytest.approx(1e4, rel=0.05)
    assert sizes[-1] == pytest.approx(1e7, rel=0.05)
    assert all(len(setting.budgets) >= 4 for setting in SETTINGS)
    assert all(8 <= setting.d_model / setting.n_layers <= 45 for setting in SETTINGS)


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: str(setting.d_model))
def test_budgets_are_whole_steps_and_double_and_hold_those_of_tuning_and_seeds(setting):
    budgets = setting.budgets
    assert all(b % (setting.batch_size * setting.context_length) == 0 for b in budgets)
    assert all(b == 2 * a for a, b in pairwise(budgets))
    assert {setting.tuning_tokens, setting.repeated_tokens} <= set(budgets)
    assert (budgets[0], budgets[-1]) in {(size.first, size.last) for size in SIZES}


@pytest.mark.parametrize("setting", SETTINGS[:4], ids=lambda setting: str(setting.d_model))
def test_parameters_are_those_of_the_model_and_operations_those_of_its_matrices(setting):
    built = model(setting, 1)
    named = {name: p for name, p in built.named_parameters() if name != "embedding"}
    assert sum(p.numel() for p in named.values()) == setting.parameters
    matrices = sum(p.numel() for p in built.parameters() if p.ndim == 2)
    scores = 2 * setting.n_layers * setting.context_length * setting.d_model
    assert setting.flops_per_token == 3 * 2 * (matrices + scores)


# ----------------------------------------------------------------------------------------- the laws


def test_a_known_law_comes_back_with_its_best_size():
    law = KNOWN.parametric.law
    for name in ("e", "alpha", "beta"):
        assert getattr(law, name) == pytest.approx(getattr(LAW, name), rel=0.01), name
    assert KNOWN.growth.value == pytest.approx(0.5 / 0.9, rel=0.01)
    assert KNOWN.growth.low <= KNOWN.growth.value <= KNOWN.growth.high


def test_laws_of_one_variable_come_back():
    in_n = ladder_of(lambda n, tokens: 40 * n**-0.1)
    assert len(in_n.converged) == len(SETTINGS)
    assert in_n.in_n.exponent.value == pytest.approx(0.1)
    assert in_n.in_n.r_squared == pytest.approx(1)
    assert all(law.exponent.value == pytest.approx(0.1) for law in in_n.in_n_at.values())
    in_d = ladder_of(lambda n, tokens: 40 * tokens**-0.2)
    assert in_d.converged == []
    assert in_d.in_n is None
    assert in_d.in_d.exponent.value == pytest.approx(0.2)
    in_c = ladder_of(lambda n, tokens: (6 * n * tokens) ** -0.05)
    assert in_c.in_c.exponent.value == pytest.approx(0.05)
    of = {rung.n_parameters: rung.flops_per_token for rung in in_c.rungs}
    exact = ladder_of(lambda n, tokens: (of[n] * tokens) ** -0.05)
    assert exact.in_c_exact.exponent.value == pytest.approx(0.05)


def test_converged_is_a_last_doubling_that_gains_less_than_the_share():
    gains = [(b[-2] - b[-1]) / b[-2] for b in (rung.losses for rung in KNOWN.rungs)]
    assert [rung.last_gain for rung in KNOWN.rungs] == pytest.approx(gains)
    assert KNOWN.converged == [r for r, g in zip(KNOWN.rungs, gains, strict=True) if g < 0.02]


def test_the_frontier_holds_what_no_other_training_of_as_little_compute_beats():
    points = KNOWN.points

    def beaten(p):
        cost = p.n_parameters * p.n_tokens
        return any(q.loss < p.loss and q.n_parameters * q.n_tokens <= cost for q in points)

    left = [p for p in points if not beaten(p)]
    assert sorted(left, key=lambda p: p.n_parameters * p.n_tokens) == [p for _, p in KNOWN.frontier]
    a, b = Point(1, 1, 2.0), Point(1, 2, 1.0)
    assert lower_edge([(5.0, a), (5.0, b)]) == [(5.0, b)]


def test_tokens_are_judged_where_most_sizes_were_trained():
    assert [p.n_tokens for p in KNOWN.best_of_tokens] == [2**18, 2**19, 2**20, 2**21]
    assert all(p.loss == min(q.loss for q in KNOWN.at(p.n_tokens)) for p in KNOWN.best_of_tokens)


def test_budgets_of_fewer_than_three_sizes_give_no_law():
    n_points = {budget: law.n_points for budget, law in KNOWN.in_n_at.items()}
    assert n_points == {2**i: n for i, n in zip(range(18, 24), (8, 8, 8, 6, 4, 4), strict=True)}


def test_no_law_of_too_few_points_or_of_losses_below_a_floor():
    assert power_law([(1, 2), (2, 1)]) is None
    assert power_law([(1, 2), (2, 1), (3, 0)]) is None


# ------------------------------------------------------------------------------------ the findings


def measured(ladder):
    return [
        Measurement(
            Tuned(0.01, {}),
            rung.losses,
            (tuple(loss + 0.01 for loss in rung.losses[:3]),) * (len(s.seeds) - 1),
        )
        for rung, s in zip(ladder.rungs, SETTINGS, strict=True)
    ]


def test_the_result_holds_every_point():
    findings = conclude(SETTINGS, measured(KNOWN))
    assert len({series.name for series in findings.series}) == len(findings.series)
    by_tokens = [s for s in findings.series if s.x_label == "tokens"]
    assert [s.y for s in by_tokens] == [rung.losses for rung in KNOWN.rungs]
    by_size = [p for s in findings.series if s.name.endswith(" tokens") for p in s.y]
    assert sorted(by_size) == sorted(p.loss for p in KNOWN.points)
    assert findings.tokens == max(SETTINGS[0].budgets)
    spread = findings.fitted["loss of 9.7 thousand at 1.05 million tokens, 3 seeds"]
    assert spread.high - spread.low == pytest.approx(0.01, abs=1e-4)
    best = next(s for s in findings.series if s.name == "best by the law")
    slope = log(best.y[-1] / best.y[0]) / log(best.x[-1] / best.x[0])
    assert slope == pytest.approx(0.5 / 0.9, rel=0.01)


def test_there_is_no_best_size_where_a_term_does_not_fall(monkeypatch):
    monkeypatch.setattr(Ladder, "growth", None)
    findings = conclude(SETTINGS, measured(KNOWN))
    assert "best by the law" not in {series.name for series in findings.series}
    assert "exponent of C in the best N" not in findings.fitted


def test_amounts_are_in_words():
    assert amount(9700) == "9.7 thousand"
    assert amount(2**20) == "1.05 million"
