"""A power law above a floor: SciPy's own least squares, and intervals that hold the truth."""

import numpy as np
import pytest
from scipy.optimize import curve_fit

from transformer_core.laws.floored_power_law import EXPONENTS, fit_floored_power_law
from transformer_core.laws.points import FittingError

SIZES = [9.7e3, 2.5e4, 5.6e4, 1.5e5, 4.4e5, 1.2e6, 3.1e6, 9.8e6]
LOSSES = [3.9367, 3.6352, 3.4735, 3.3033, 3.1914, 3.1546, 3.1194, 3.0528]


def law(x, floor, coefficient, exponent):
    return floor + coefficient * (x / 1e5) ** -exponent


@pytest.mark.parametrize("taken", [slice(None), slice(0, 6), slice(2, 8), slice(0, 4)])
def test_scipy_finds_the_same_least_squares(taken):
    x, losses = np.array(SIZES[taken]), np.array(LOSSES[taken])
    fit = fit_floored_power_law(x, losses, 1e8)
    bounds = ([0, 0, EXPONENTS[0]], [10, 10, EXPONENTS[1]])
    start = (2.5, 0.6, 0.3)
    (floor, coefficient, exponent), _ = curve_fit(law, x, losses, start, losses, bounds=bounds)
    assert fit.floor.value == pytest.approx(floor, abs=2e-4)
    assert fit.exponent.value == pytest.approx(exponent, rel=1e-3)
    assert fit.beyond.value == pytest.approx(law(1e8, floor, coefficient, exponent), abs=2e-4)
    assert fit.loss(1e8) == pytest.approx(fit.beyond.value)
    error = (law(x, floor, coefficient, exponent) / losses - 1) ** 2
    assert fit.misfit == pytest.approx(error.mean() ** 0.5, rel=1e-3)


def test_exact_points_give_their_law_and_no_width():
    x = np.geomspace(1e4, 1e7, 6)
    fit = fit_floored_power_law(x, law(x, 2.5, 0.7, 0.3), 1e9)
    for found, true in (
        (fit.floor, 2.5),
        (fit.exponent, 0.3),
        (fit.beyond, law(1e9, 2.5, 0.7, 0.3)),
    ):
        assert found.value == pytest.approx(true, rel=1e-5)
        assert found.high - found.low < 1e-3


def test_a_law_without_a_floor_is_found_to_have_none():
    x = np.geomspace(1e4, 1e7, 6)
    fit = fit_floored_power_law(x, law(x, 0, 3, 0.08), 1e9)
    assert fit.floor.value == pytest.approx(0, abs=1e-3)
    assert fit.exponent.value == pytest.approx(0.08, rel=1e-3)


def test_intervals_hold_the_truth_about_as_often_as_they_say():
    random, x, n = np.random.default_rng(3), np.array(SIZES), 60
    true = law(x, 2.8, 0.5, 0.35)
    held = np.zeros(3)
    for _ in range(n):
        fit = fit_floored_power_law(x, true * np.exp(random.normal(0, 0.004, len(x))), 1e8)
        beyond = law(1e8, 2.8, 0.5, 0.35)
        held += [fit.floor.holds(2.8), fit.exponent.holds(0.35), fit.beyond.holds(beyond)]
    assert (held / n > 0.9).all()


def test_the_interval_of_the_value_is_that_of_all_laws_which_fit_well_enough():
    fit = fit_floored_power_law(SIZES, LOSSES, 1e8)
    x, losses, random = np.array(SIZES), np.array(LOSSES), np.random.default_rng(0)
    most = fit.misfit**2 * len(x) * (1 + 2.5705818**2 / 5)
    floors = random.uniform(2.9, 3.1, 200_000)
    exponents = random.uniform(0.3, 0.55, 200_000)
    coefficients = random.uniform(0.25, 0.45, 200_000)
    found = law(x[:, None], floors, coefficients, exponents)
    well = ((found / losses[:, None] - 1) ** 2).sum(0) <= most
    values = law(1e8, floors, coefficients, exponents)[well]
    assert well.sum() > 100
    assert fit.beyond.low <= values.min() <= fit.beyond.low + 0.02
    assert fit.beyond.high - 0.02 <= values.max() <= fit.beyond.high


@pytest.mark.parametrize(
    ("x", "losses", "told"),
    [
        ([1, 2, 3], [3, 2, 1], "at least 4"),
        ([2, 2, 2, 2], [3, 2, 1, 1], "same x"),
        ([1, 2, 3, 4], [3, 2, 1], "4 values of x and 3 losses"),
        ([1, 2, 3, -4], [3, 2, 1, 1], "above 0"),
    ],
)
def test_what_cannot_be_fitted_is_refused_in_words(x, losses, told):
    with pytest.raises(FittingError, match=told):
        fit_floored_power_law(x, losses, 10)
