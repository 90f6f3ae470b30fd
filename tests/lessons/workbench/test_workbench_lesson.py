"""The workbench's page: what is sent, the questions, the table for engineers."""

import pytest

from pages.n2_architectures.workbench.workbench_board import PLAIN, THIS, describe_workbench
from pages.n2_architectures.workbench.workbench_questions import workbench_questions
from tests.lessons.test_lessons import boards, open_fold, said, visit
from tests.real_model import real_model
from transformer_core.laws.blueprint import Blueprint
from transformer_core.laws.blueprints import BLUEPRINTS
from transformer_core.laws.parameters import count_parameters
from ui.known_models import catalogue
from ui.models import load
from ui.state import read_state

PAGE = "pages/n2_architectures/workbench/workbench.py"
HOSTILE = ["<script>alert(1)</script>", "gpt2~" * 500, "~~~", "gpt2~n_layers~0", "\x00", "{}"]


@pytest.mark.parametrize("model", ["fable-classic", "fable-modern"])
def test_the_readers_model_stands_beside_a_published_one(model):
    data = describe_workbench(read_state({"text": "Tom had a ball", "model": model}), "", "")
    assert (data["left"], data["right"]) == (THIS, PLAIN)
    mine = data["presets"][0]
    plan = Blueprint(**(data["plain"] | mine["plan"]))
    weights = sum(each.numel() for each in load(model).model.parameters())
    assert count_parameters(plan).total == weights
    assert mine["title"] == catalogue().offered[model].title
    assert data["tokens"] == len(load(model).tokenizer.encode("Tom had a ball"))


@real_model
def test_the_real_model_is_known_as_a_published_one():
    data = describe_workbench(read_state({"text": "Tom", "model": "smollm2"}), "", "")
    assert data["presets"][0]["exact"] == 134_515_008
    assert data["presets"][0]["tokens"] == 2e12


def test_names_are_unique_and_fit_the_address():
    names = [each.name for each in BLUEPRINTS]
    assert len(names) == len(set(names))
    assert all("~" not in name and name.isascii() for name in [THIS, *names])
    assert len({each.title for each in BLUEPRINTS}) == len(BLUEPRINTS)


@pytest.mark.parametrize("odd", HOSTILE)
def test_an_odd_address_is_no_error(folders, odd):
    app = visit(PAGE, left=odd, right=odd)
    assert not app.exception
    assert boards(app)
    assert "<script>" not in said(app)


def test_each_question_has_exactly_one_right_answer():
    for question in workbench_questions():
        assert [option.right for option in question.options].count(True) == 1
        assert len({option.text for option in question.options}) == len(question.options)
        assert all(option.why for option in question.options)


def test_answers_are_what_the_core_counts():
    layer, sharing, experts, memory = workbench_questions()
    right = [
        next(option for option in each.options if option.right)
        for each in (layer, sharing, experts, memory)
    ]
    assert [option.text for option in right] == ["192", "Its cache", "Arithmetic", "16 GB"]
    assert "4 times as large" in right[1].why
    assert "46.7 B" in right[2].why
    assert "12.9 B" in right[2].why


def test_the_fold_holds_every_published_count(folders):
    app = visit(PAGE)
    open_fold(app)
    for each in BLUEPRINTS:
        assert each.title in said(app)
        assert f"{count_parameters(each.plan).total:,}" in said(app)
    assert "671,026,419,200" in said(app)
