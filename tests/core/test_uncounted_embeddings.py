"""Embeddings left out of the count: SciPy's minimum of the same law, and its slope."""

from math import log

import pytest
from scipy.optimize import minimize_scalar

from transformer_core.laws.scaling import REFIT
from transformer_core.laws.uncounted_embeddings import UncountedEmbeddings


def best(uncounted, flops):
    """ln n of the least loss under 6 n D = C, found by SciPy."""

    def loss(log_n):
        n = 2.718281828459045**log_n
        return uncounted.law.loss(uncounted.total(n), flops / (6 * n))

    return minimize_scalar(loss, bounds=(log(1e2), log(1e14)), options={"xatol": 1e-10}).x


@pytest.mark.parametrize("vocabulary", [0, 512, 32_000, 256_000])
@pytest.mark.parametrize("n", [1e5, 1e7, 1e9, 1e12])
def test_the_best_size_and_its_growth_are_those_of_the_minimum(n, vocabulary):
    uncounted = UncountedEmbeddings(REFIT, vocabulary)
    flops = 6 * n * uncounted.tokens(n)
    assert best(uncounted, flops) == pytest.approx(log(n), abs=2e-4)
    step = best(uncounted, flops * 2) - best(uncounted, flops / 2)
    assert step / log(4) == pytest.approx(uncounted.growth(n), abs=3e-3)


def test_without_a_vocabulary_it_is_the_law_itself():
    uncounted = UncountedEmbeddings(REFIT, 0)
    assert uncounted.growth(1e9) == pytest.approx(REFIT.beta / (REFIT.alpha + REFIT.beta))
    point = REFIT.optimum(6e20)
    assert uncounted.tokens(point.n_parameters) == pytest.approx(point.n_tokens)


def test_small_models_seem_to_grow_faster_with_the_budget():
    uncounted = UncountedEmbeddings(REFIT, 32_000)
    assert uncounted.growth(1e12) == pytest.approx(0.5126, abs=0.01)
    assert uncounted.growth(1e3) == pytest.approx(
        1 / (1 + REFIT.alpha / (3 * REFIT.beta)), abs=0.01
    )
