"""Scaling laws against the papers' own figures and against a search that knows no formula."""

import re
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as some
from torch.utils.flop_counter import FlopCounterMode

import pages.n4_scale.scaling.scaling_questions as questions
from pages.n4_scale.scaling.scaling_arithmetic import six_in_words
from pages.n4_scale.scaling.scaling_board import DEFAULT, describe_scaling
from pages.n4_scale.scaling.scaling_examples import ratios, served, shown_model
from transformer_core.laws.parameters import count_parameters
from transformer_core.laws.published import CHINCHILLA_FLOPS, PUBLISHED
from transformer_core.laws.scaling import (
    LAWS,
    PF_DAY,
    Allocation,
    KaplanLaw,
    ParametricLaw,
    cheapest_for_loss,
    lifetime_flops,
    training_flops,
    training_step,
)
from ui.models import LoadedModel, load

PARAMETRIC = {name: law for name, law in LAWS.items() if isinstance(law, ParametricLaw)}
each_law = pytest.mark.parametrize("law", LAWS.values(), ids=LAWS)
each_parametric = pytest.mark.parametrize("law", PARAMETRIC.values(), ids=PARAMETRIC)


def test_gopher_and_chinchilla_as_published():
    law = LAWS["chinchilla"]
    assert np.round(law.terms(280e9, 300e9), 3).tolist() == [1.69, 0.052, 0.251]
    assert law.loss(280e9, 300e9) == pytest.approx(1.9933, abs=5e-5)
    assert law.loss(70e9, 1.4e12) == pytest.approx(1.9366, abs=5e-5)


@pytest.mark.parametrize(
    ("name", "n_parameters", "n_tokens", "ratio"),
    [
        ("chinchilla", 3.219e10, 2.982e12, 92.65),
        ("unrounded", 4.036e10, 2.379e12, 58.9),
    ],
)
def test_optimum_at_chinchillas_budget(name, n_parameters, n_tokens, ratio):
    best = LAWS[name].optimum(CHINCHILLA_FLOPS)
    assert best.n_parameters == pytest.approx(n_parameters, rel=1e-3)
    assert best.n_tokens == pytest.approx(n_tokens, rel=1e-3)
    assert best.tokens_per_parameter == pytest.approx(ratio, rel=2e-3)


def test_the_refit_comes_to_about_twenty():
    refit = LAWS["refit"].optimum(CHINCHILLA_FLOPS)
    assert 15 < refit.tokens_per_parameter < 22
    full = ParametricLaw("", "", 1.81722, 477.83, 2143.42, 0.34731, 0.36717)
    assert full.optimum(CHINCHILLA_FLOPS).tokens_per_parameter == pytest.approx(17.9, abs=0.1)


def test_kaplan_as_published():
    law = LAWS["kaplan"]
    assert isinstance(law, KaplanLaw)
    endless = 1e30
    assert law.loss(2e9, endless) / law.loss(1e9, endless) == pytest.approx(0.949, abs=1e-3)
    assert law.loss(1e10, endless) / law.loss(1e9, endless) == pytest.approx(0.84, abs=5e-3)
    assert law.loss(endless, 1e10) / law.loss(endless, 1e9) == pytest.approx(0.79, abs=5e-3)
    assert law.optimum(PF_DAY).n_parameters == pytest.approx(1.3e9)
    assert law.optimum(100 * PF_DAY).n_parameters == pytest.approx(1.3e9 * 100**0.73)


@each_law
@given(log_flops=some.floats(15, 27))
def test_an_optimum_spends_the_whole_budget_and_is_found_again(law, log_flops):
    flops = 10**log_flops
    best = law.optimum(flops)
    assert training_flops(best.n_parameters, best.n_tokens) == pytest.approx(flops, rel=1e-9)
    assert law.budget_for(best.n_parameters) == pytest.approx(flops, rel=1e-6)


@each_parametric
@given(log_flops=some.floats(15, 27))
def test_closed_form_is_the_least_loss_on_the_budget_line(law, log_flops):
    flops = 10**log_flops
    sizes = np.geomspace(1e3, 1e15, 24_001)
    losses = law.e + law.a / sizes**law.alpha + law.b / (flops / 6 / sizes) ** law.beta
    searched = sizes[losses.argmin()]
    assert law.optimum(flops).n_parameters == pytest.approx(searched, rel=2e-3)


@each_parametric
@given(size=some.floats(7, 12), ratio=some.floats(0.5, 3))
def test_tokens_for_a_loss_give_that_loss(law, size, ratio):
    n_parameters, n_tokens = 10**size, 10 ** (size + ratio)
    loss = law.loss(n_parameters, n_tokens)
    assert law.tokens_for(n_parameters, loss) == pytest.approx(n_tokens, rel=1e-5)
    assert law.tokens_for(n_parameters, law.e) == float("inf")


@each_parametric
def test_the_cheapest_model_nobody_uses_is_the_compute_optimal_one(law):
    best = law.optimum(1e22)
    cheapest = cheapest_for_loss(law, law.loss(best.n_parameters, best.n_tokens), 0)
    assert cheapest.n_parameters == pytest.approx(best.n_parameters, rel=1e-3)
    assert cheapest.n_tokens == pytest.approx(best.n_tokens, rel=1e-3)


@each_parametric
@given(log_served=some.floats(9, 15))
def test_use_makes_the_cheapest_model_smaller_and_its_training_longer(law, log_served):
    loss = law.loss(1e10, 2e11)
    unused, used = (cheapest_for_loss(law, loss, served) for served in (0, 10**log_served))
    assert used.n_parameters <= unused.n_parameters * (1 + 1e-6)
    assert used.n_tokens >= unused.n_tokens * (1 - 1e-6)
    assert law.loss(used.n_parameters, used.n_tokens) == pytest.approx(loss, rel=1e-9)
    sizes = np.geomspace(used.n_parameters / 50, used.n_parameters * 50, 2_001)
    costs = [lifetime_flops(n, law.tokens_for(n, loss), 10**log_served) for n in sizes]
    found = lifetime_flops(used.n_parameters, used.n_tokens, 10**log_served)
    assert found <= min(costs) * (1 + 1e-6)


def test_no_model_goes_below_the_floor():
    with pytest.raises(ValueError, match=r"no model goes below 1\.690"):
        cheapest_for_loss(LAWS["chinchilla"], 1.69, 0)


def test_every_published_model_names_its_paper():
    assert all("arXiv" in model.source for model in PUBLISHED)
    assert len({model.name for model in PUBLISHED}) == len(PUBLISHED)


@each_law
@pytest.mark.parametrize("point", [(1e6, 1e7), (7e10, 1.4e12), (3e12, 3e14), (1e9, 1e14)])
def test_each_question_has_exactly_one_right_answer(law, point):
    here = Allocation(*point)
    for question in (
        questions.growth_question(law, here),
        questions.bottleneck_question(law, here),
        questions.budget_question(),
    ):
        assert [option.right for option in question.options].count(True) == 1
        said = [question.text, *(each.text + each.why for each in question.options)]
        assert not [text for text in said if "{" in text]


@given(n_in=some.integers(1, 40), n_out=some.integers(1, 40), n_tokens=some.integers(1, 9))
def test_a_training_step_is_what_pytorch_counts(n_in, n_out, n_tokens):
    x = torch.ones(n_tokens, n_in, requires_grad=True)
    weights = torch.ones(n_in, n_out, requires_grad=True)
    with FlopCounterMode(display=False) as counter:
        y = x @ weights
        forward = counter.get_total_flops()
        y.backward(torch.ones_like(y))
    step = training_step(n_in, n_out)
    assert forward == n_tokens * step.forward
    assert counter.get_total_flops() == n_tokens * step.total == 6 * n_in * n_out * n_tokens


def test_the_six_are_added_up_as_printed():
    said = six_in_words()
    products = re.findall(r"2 × 6 = (\d+)", said)
    (total,) = re.findall(r"sum is (\d+) = 6 × 6", said)
    assert products == ["12"] * 3
    assert int(total) == sum(map(int, products))


def test_two_counts_of_a_budget_are_told_apart():
    """Chinchilla's and Gopher's 6 N D beside the budget that the paper counts in full."""
    board = Path(questions.__file__).with_name("scaling_board.html").read_text("utf-8")
    assert CHINCHILLA_FLOPS == 5.76e23
    for said, n, d in (("5.04·10²³", 280e9, 300e9), ("5.88·10²³", 70e9, 1.4e12)):
        assert said in board
        assert 6 * n * d == pytest.approx(float(said[:4]) * 1e23)


def test_kaplans_own_tokens_take_about_twice_the_least_compute():
    law = LAWS["kaplan"]
    assert isinstance(law, KaplanLaw)
    own = law.recommended(CHINCHILLA_FLOPS)
    assert own.n_parameters == law.optimum(CHINCHILLA_FLOPS).n_parameters
    assert own.tokens_per_parameter == pytest.approx(0.27, abs=5e-3)
    spent = training_flops(own.n_parameters, own.n_tokens) / CHINCHILLA_FLOPS
    assert 1.5 < spent < 2.1
    assert law.recommended(PF_DAY) == Allocation(1.3e9, 2e10)
    shown = describe_scaling("kaplan", DEFAULT, "fable-classic")["chinchilla"]["ratio"]["kaplan"]
    assert shown == own.tokens_per_parameter


def test_the_page_opens_on_the_refit_and_the_printed_digits_are_a_choice():
    first, *others = LAWS
    assert first == "refit"
    assert "chinchilla" in others
    for said in ("0.28) give 93 tokens", "its digits gives 59,", "refit of 2024 gives 18."):
        assert said in ratios()


def test_the_example_is_the_laws_own():
    """A life of ten trillion tokens, searched without a formula."""
    law = LAWS["refit"]
    loss = law.loss(70e9, 1.4e12)
    sizes = np.geomspace(2e10, 2e11, 20_001)
    tokens = np.array([law.tokens_for(n, loss) for n in sizes])
    best = (6 * sizes * tokens + 2 * sizes * 1e13).argmin()
    assert f"with {sizes[best] / 1e9:.1f} B parameters instead of its 70.0 B" in served()
    assert f"on {tokens[best] / 1e12:.2f} T tokens" in served()


@pytest.mark.parametrize("name", ["smollm2", "fable-classic", "fable-modern"])
def test_the_shown_model_is_on_the_plane(name):
    loaded = load(name)
    data = describe_scaling("refit", DEFAULT, name)
    models = {each["name"]: each for each in (*data["models"], *data["ours"])}
    known = models[data["shown"]]
    counted = sum(each.numel() for each in loaded.model.parameters())
    assert known["n_parameters"] == pytest.approx(counted, rel=1e-3)
    assert counted == count_parameters(loaded.config).total
    said = shown_model(loaded)
    assert f"{known['n_tokens'] / known['n_parameters']:,.0f} for each parameter" in said
    if name == "smollm2":
        assert "134.5 M parameters and was trained on 2.00 T tokens (Allal et al. 2025" in said


def test_of_a_model_without_a_record_only_its_size_is_told():
    loaded = load("fable-classic")
    other = LoadedModel("someone/other *model*", loaded.model, loaded.tokenizer)
    assert describe_scaling("refit", DEFAULT, other.name)["shown"] is None
    said = shown_model(other)
    assert "is not recorded here" in said
    assert "*model*" not in said.replace(r"\*model\*", "")
