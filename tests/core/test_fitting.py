"""Scaling laws fitted to points: known constants come back, units and order are of no matter."""

import os
from dataclasses import replace
from math import exp, inf, log, nan
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from scipy.optimize import approx_fprime
from scipy.special import huber, logsumexp

from benchmarks.fitting import DESIGNS, NOISE, missed, published_points, synthetic
from transformer_core.laws import fitting
from transformer_core.laws.fitting import CONSTANTS, DELTA, fit_parametric
from transformer_core.laws.points import FittingError, Point
from transformer_core.laws.power_law import fit_power_law

designs = pytest.mark.parametrize("design", DESIGNS)
POINTS = synthetic("small ladder", 1)
GIVEN = os.environ.get("CHINCHILLA_POINTS")


@designs
def test_losses_without_noise_give_their_law_back(design):
    law, sizes, counts = DESIGNS[design]
    points = [Point(n, d, law.loss(n, d)) for n in sizes for d in counts]
    fit = fit_parametric(points, resamples=0)
    for name in ("e", "alpha", "beta"):
        assert getattr(fit.law, name) == pytest.approx(getattr(law, name), rel=5e-3), name
    assert max(map(abs, fit.residuals(points))) < 1e-3


@designs
def test_known_constants_lie_within_their_intervals(design):
    """Five of the hundred trials of `benchmarks.fitting`; one may miss, as one in twenty will."""
    law = DESIGNS[design][0]
    fits = [fit_parametric(synthetic(design, seed), resamples=60) for seed in range(5)]
    assert sum(not missed(fit, law) for fit in fits) >= 4


def test_errors_after_the_fit_are_the_noise():
    residuals = fit_parametric(POINTS, resamples=0).residuals(POINTS)
    assert np.std(residuals) == pytest.approx(NOISE, rel=0.3)


@pytest.mark.skipif(not GIVEN, reason="CHINCHILLA_POINTS names no file")
def test_the_2022_papers_points_give_the_refit_of_2024():
    """Besiroglu et al. 2024; the objective of their notebook is 0.00101827404."""
    points = published_points(Path(GIVEN))
    fit = fit_parametric(points)
    assert fit.n_points == 240
    assert fit.law.alpha == pytest.approx(0.3473, abs=5e-4)
    assert fit.law.beta == pytest.approx(0.3672, abs=5e-4)
    assert fit.law.e == pytest.approx(1.8172, abs=5e-4)
    assert fit.objective == pytest.approx(0.00101827404, rel=2e-5)
    assert not missed(fit, DESIGNS["paper's range"][0])


def test_the_objective_is_the_papers_formula_and_its_gradient_is_right():
    table = fitting._Points.of(POINTS)
    theta = np.array([-0.3, -1.5, -1.8, 0.4, 0.3])
    n, d, loss = (
        np.log([getattr(p, f) for p in POINTS]) for f in ("n_parameters", "n_tokens", "loss")
    )
    mean_n, mean_d, mean_loss = n.mean(), d.mean(), loss.mean()
    e, a, b, alpha, beta = theta
    terms = [
        a + mean_loss + alpha * mean_n - alpha * n,
        b + mean_loss + beta * mean_d - beta * d,
        np.full_like(n, e + mean_loss),
    ]
    expected = huber(DELTA, logsumexp(terms, axis=0) - loss).sum()
    value, gradient = fitting._objective(theta, table)
    assert value * DELTA == pytest.approx(expected, rel=1e-9)
    numeric = approx_fprime(theta, lambda x: fitting._objective(x, table)[0], 1e-7)
    np.testing.assert_allclose(gradient, numeric, rtol=1e-3, atol=1e-3)


def test_a_point_far_off_hardly_moves_the_fit():
    whole = fit_parametric(POINTS, resamples=0).law
    bent = [*POINTS[:-1], replace(POINTS[-1], loss=POINTS[-1].loss * 3)]
    moved = fit_parametric(bent, resamples=0).law
    assert moved.alpha == pytest.approx(whole.alpha, rel=0.15)
    assert moved.e == pytest.approx(whole.e, rel=0.05)


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(some.floats(1e-6, 1e6), some.floats(1e-6, 1e6), some.floats(0.1, 10))
def test_units_do_not_matter(of_n, of_d, of_loss):
    law = fit_parametric(POINTS, resamples=0).law
    other = [Point(p.n_parameters * of_n, p.n_tokens * of_d, p.loss * of_loss) for p in POINTS]
    scaled = fit_parametric(other, resamples=0).law
    assert scaled.alpha == pytest.approx(law.alpha, rel=1e-3)
    assert scaled.beta == pytest.approx(law.beta, rel=1e-3)
    assert scaled.e == pytest.approx(law.e * of_loss, rel=1e-3)
    assert scaled.a == pytest.approx(law.a * of_loss * of_n**law.alpha, rel=3e-2)
    assert scaled.b == pytest.approx(law.b * of_loss * of_d**law.beta, rel=3e-2)


@settings(max_examples=5, deadline=None)
@given(some.permutations(POINTS))
def test_order_does_not_matter(points):
    assert fit_parametric(points, resamples=5) == fit_parametric(POINTS, resamples=5)


@settings(max_examples=6, deadline=None)
@given(
    some.lists(
        some.tuples(*[some.sampled_from((1e3, 1e5, 1e7, 1e9))] * 2, some.floats(1e-3, 1e3)),
        min_size=6,
        max_size=12,
    )
)
def test_nonsense_gives_a_law_or_a_sentence(rows):
    """Losses that follow no law still give finite constants, or are refused in plain words."""
    try:
        fit = fit_parametric([Point(*row) for row in rows], resamples=3)
    except FittingError as error:
        if "different" in str(error):
            return
        raise
    for name, fitted in fit.estimates.items():
        assert np.isfinite([fitted.low, fitted.value, fitted.high]).all(), name
        assert fitted.low <= fitted.value <= fitted.high


def test_intervals_repeat_and_grow_with_the_level():
    fit = fit_parametric(POINTS, resamples=30)
    assert fit == fit_parametric(POINTS, resamples=30)
    narrow = fit_parametric(POINTS, resamples=30, level=0.5)
    for name in CONSTANTS:
        wide, slim = fit.estimates[name], narrow.estimates[name]
        assert wide.low <= slim.low <= slim.value <= slim.high <= wide.high
    assert fit.law.alpha == fit.estimates["alpha"].value


def changed(i, **change):
    return [replace(p, **change) if j == i else p for j, p in enumerate(POINTS)]


@pytest.mark.parametrize(
    ("points", "sentence"),
    [
        (POINTS[:5], "5 points are too few: at least 6 are needed"),
        ([], "0 points are too few"),
        (changed(2, loss=nan), "Point 3 holds nan; every value must be a number above 0"),
        (changed(0, n_tokens=0), "Point 1 holds 0.0"),
        (changed(7, n_parameters=-4.0), "Point 8 holds -4.0"),
        (changed(7, loss=inf), "Point 8 holds inf"),
        ([replace(p, n_parameters=1e6) for p in POINTS], "There are 1 different sizes N"),
        ([replace(p, n_tokens=1e6) for p in POINTS], "There are 1 different token counts D"),
    ],
)
def test_points_that_cannot_be_fitted_are_refused_in_a_sentence(points, sentence):
    with pytest.raises(FittingError, match=sentence):
        fit_parametric(points)


@pytest.mark.parametrize("level", [0, 1, nan])
def test_a_level_is_a_share(level):
    with pytest.raises(FittingError, match="level is"):
        fit_parametric(POINTS, level=level)
    with pytest.raises(FittingError, match="level is"):
        fit_power_law([1, 2, 3], [3, 2, 1], level=level)


# ---------------------------------------------------------------------------- a line in log-log


def test_a_power_law_by_hand():
    fit = fit_power_law([1, 10, 100, 1000], [4, 2, 1, 0.5])
    assert fit.exponent.value == pytest.approx(log(2) / log(10))
    assert fit.coefficient.value == pytest.approx(4)
    assert fit.r_squared == pytest.approx(1)
    assert fit.loss(10) == pytest.approx(2)


def test_a_power_law_is_the_least_squares_line_of_statistics_with_its_intervals():
    from scipy.stats import linregress, t

    random = np.random.default_rng(3)
    x = np.geomspace(1e4, 1e7, 8)
    y = 5 * x**-0.08 * np.exp(0.01 * random.standard_normal(8))
    fit, line = fit_power_law(x, y), linregress(np.log(x), np.log(y))
    off = t.ppf(0.975, 6)
    assert fit.exponent.value == pytest.approx(-line.slope)
    assert fit.exponent.high == pytest.approx(-line.slope + off * line.stderr)
    assert fit.coefficient.value == pytest.approx(exp(line.intercept))
    assert fit.coefficient.low == pytest.approx(exp(line.intercept - off * line.intercept_stderr))
    assert fit.r_squared == pytest.approx(line.rvalue**2)


def test_power_law_intervals_hold_the_truth():
    random = np.random.default_rng(4)
    x = np.geomspace(1e4, 1e7, 8)
    fits = [
        fit_power_law(x, 5 * x**-0.08 * np.exp(0.01 * random.standard_normal(8)))
        for _ in range(200)
    ]
    assert 180 <= sum(fit.exponent.holds(0.08) for fit in fits) <= 199


@pytest.mark.parametrize(
    ("x", "losses", "sentence"),
    [
        ([1, 2], [2, 1], "2 points are too few: at least 3"),
        ([1, 2, 3], [2, 1], "3 values of x and 2 losses"),
        ([1, 2, 3], [2, -1, 1], "Point 2 holds -1.0"),
        ([1, 2, nan], [2, 1, 1], "Point 3 holds nan"),
        ([5, 5, 5], [2, 1, 1], "same x"),
    ],
)
def test_a_power_law_of_no_line_is_refused_in_a_sentence(x, losses, sentence):
    with pytest.raises(FittingError, match=sentence):
        fit_power_law(x, losses)
