"""Measured laws: what is shown is the record's own, what is asked has one right answer."""

from math import log

import numpy as np
import pytest
from scipy.special import stdtrit

from pages.n4_scale.scaling.counting_board import FIRST as VOCABULARY
from pages.n4_scale.scaling.counting_board import SIZES, describe_counting
from pages.n4_scale.scaling.doubling_board import describe_doubling
from pages.n4_scale.scaling.ladder_board import FIRST, describe_ladder
from pages.n4_scale.scaling.ladder_questions import exponent_question, ladder_questions
from pages.n4_scale.scaling.ladder_record import cuts, record, rungs
from tests.lessons.test_lessons import open_fold, said, visit
from transformer_core.laws.floored_power_law import fit_floored_power_law
from transformer_core.laws.power_law import fit_power_law
from transformer_core.laws.scaling import REFIT
from transformer_core.laws.uncounted_embeddings import UncountedEmbeddings

PAGE = "pages/n4_scale/scaling/ladder.py"


def test_the_rungs_are_the_records_own():
    assert len(rungs()) == 8
    assert sum(len(rung.tokens) for rung in rungs()) == 40
    for rung, setting in zip(rungs(), record().configuration["settings"], strict=True):
        assert rung.tokens == tuple(setting["budgets"])
        assert list(rung.losses) == sorted(rung.losses, reverse=True)


def test_a_cut_varies_one_thing_and_its_losses_fall():
    for cut in cuts():
        assert list(cut.x) == sorted(cut.x)
        assert list(cut.losses) == sorted(cut.losses, reverse=True)
    assert cuts()[FIRST].name == "8 sizes, 1.05 M tokens"
    assert cuts()[FIRST].losses[3] == 3.3033  # 148 thousand parameters


def test_the_line_bends_and_the_law_with_a_floor_does_not():
    """What the page's three texts say of the six rows."""
    as_well = 0
    for cut in cuts():
        x, losses = np.log(cut.x), np.log(cut.losses)
        parabola = losses - np.polyval(np.polyfit(x, losses, 2), x)
        straight = losses - np.polyval(np.polyfit(x, losses, 1), x)
        fit = fit_floored_power_law(cut.x, cut.losses, 10 * cut.x[-1])
        assert fit.misfit < 0.005 < (straight**2).mean() ** 0.5
        as_well += (parabola**2).mean() ** 0.5 < 1.2 * fit.misfit
    assert as_well == 3


def test_at_ten_times_the_size_the_intervals_of_the_eight_sizes_do_not_meet():
    cut = cuts()[FIRST]
    at = 10 * cut.x[-1]
    line = fit_power_law(np.array(cut.x) / at, cut.losses).coefficient
    assert line.high < fit_floored_power_law(cut.x, cut.losses, at).beyond.low


def test_students_factors_are_for_95_percent():
    student = describe_ladder()["student"]
    assert student[1] == pytest.approx(12.7062, abs=1e-4)
    assert student[6] == pytest.approx(stdtrit(6, 0.975))
    assert len(student) > max(len(cut["x"]) for cut in describe_ladder()["cuts"]) - 2


def test_what_is_said_of_the_exponents_is_so():
    assert [round(10**a, 1) for a in (0.73, 0.88, 0.5)] == [5.4, 7.6, 3.2]
    counting = describe_counting()
    uncounted = UncountedEmbeddings(REFIT, counting["vocabularies"][VOCABULARY])
    budgets = [n * uncounted.tokens(n) for n in SIZES]
    slope = log(SIZES[1] / SIZES[0]) / log(budgets[1] / budgets[0])
    assert abs(slope - counting["kaplan"]) < 0.05
    assert uncounted.weight == pytest.approx(47_491, rel=1e-3)  # Pearce and Song's own


def test_models_are_published_ones():
    models = {model["name"]: model for model in describe_doubling()["models"]}
    assert models["GPT-3"]["n_tokens"] == 300e9
    assert models["Llama 3 8B"]["n_tokens"] == 15e12


def test_each_question_has_exactly_one_right_answer():
    for question in ladder_questions():
        assert [option.right for option in question.options].count(True) == 1
        assert len({option.text for option in question.options}) == len(question.options)
        assert all(option.why for option in question.options)


def test_the_exponent_by_hand():
    (right,) = [option.text for option in exponent_question().options if option.right]
    assert right == f"{log(2) / log(100):.2f}" == "0.15"


def test_the_fold_names_the_records_joint_fit(folders):
    app = visit(PAGE)
    open_fold(app)
    assert "E = 2.43 (2.22 to 2.65)" in said(app)
    assert record().command in said(app)
