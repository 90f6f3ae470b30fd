"""Pretraining: the chart is the record's, a reward's run is computed once and leaves the model."""

from itertools import pairwise

import pytest
import torch

from figures.transfer import APART, CHANCE, transfer_figure
from pages.n3_learning.pretraining import reward_runs
from pages.n3_learning.pretraining.own_sentence import MOST, scramble, twins
from pages.n3_learning.pretraining.pretraining_questions import advantage_question, stock_question
from pages.n3_learning.pretraining.reward_board import AT_ONCE, SHOWN, packed_looks
from pages.n3_learning.pretraining.reward_runs import GROUP, LENGTH, RewardRun, each, happy, occurs
from pages.n3_learning.pretraining.transfer_chart import ROLES, _ways
from pages.n3_learning.pretraining.transfer_record import by_loss_alone, curve, record
from tests.lessons.test_lessons import HOSTILE, said, visit
from tests.ui.unpacking import unpack

PAGE = "pages/n3_learning/pretraining/pretraining.py"


@pytest.fixture
def runs(monkeypatch):
    """None is known yet."""
    reward_runs.run_of.cache_clear()
    yield
    reward_runs.run_of.cache_clear()


def test_the_curves_are_the_means_of_the_record():
    for way in ROLES:
        assert curve(way).mean == pytest.approx(list(record().curve(way).y), abs=1e-4)
        assert len(curve(way).by_seed[0]) == len(record().seeds)
    assert 0.5 < by_loss_alone() <= 1


def test_the_names_at_the_ends_do_not_touch():
    figure = transfer_figure(_ways(), by_loss_alone())
    places = sorted(note.y for note in figure.layout.annotations)
    assert len(places) == len(ROLES) + 2
    assert all(b - a >= APART - 1e-9 for a, b in pairwise(places))
    assert f"chance {CHANCE:.0%}".replace("%", " %") in [n.text for n in figure.layout.annotations]


@pytest.mark.parametrize("text", ["", "a", "a b c", "go go go go", HOSTILE["emoji"]])
def test_a_text_without_another_order_is_not_scrambled(text):
    assert scramble(text) == "" or sorted(scramble(text).split()) == sorted(text.split()[:MOST])


def test_the_reader_s_order_costs_less_than_another():
    found = twins("fable-classic", "The little girl was very happy to play with her dog.")
    assert found.written_loss + 1 < found.scrambled_loss


def test_a_program_counts_the_points():
    texts = torch.tensor([[1, happy(), 2], [happy(), happy(), 3], [4, 5, 6]])
    assert occurs(texts).tolist() == [1, 1, 0]
    assert each(texts).tolist() == [1, 2, 0]


def test_looks_come_in_order_and_are_computed_once(runs):
    header, _ = unpack(packed_looks({"reward": "each", "beta": "0.05"}))
    assert header["first"] == 0
    assert len(header["looks"]) == AT_ONCE
    first, second = header["looks"]
    assert first["kl"] == pytest.approx(0, abs=1e-4)
    assert len(first["texts"]) == SHOWN
    assert first["next"][0][0].strip() == "happy"
    assert all(before == now for _, before, now in first["next"])
    assert any(before != now for _, before, now in second["next"])
    again, _ = unpack(packed_looks({"reward": "each", "beta": "0.05"}))
    assert again == header
    found = reward_runs.run_of("each", 0.05)
    assert len(found.looks) == AT_ONCE
    assert found.looks[0].texts.shape == (GROUP, LENGTH)


def test_a_run_leaves_the_model_that_it_began_with(runs):
    before = reward_runs.start().embedding.clone()
    run = RewardRun("occurs", 0.0)
    run.until(2)
    assert torch.equal(before, reward_runs.start().embedding)
    assert not torch.equal(before, run.model.embedding)


@pytest.mark.parametrize("raw", ["", "-1", "nan", "1e9", "<script>", HOSTILE["emoji"]])
def test_odd_requests_get_what_there_is(runs, monkeypatch, raw):
    monkeypatch.setattr(reward_runs, "UPDATES", 0)
    monkeypatch.setattr("pages.n3_learning.pretraining.reward_board.UPDATES", 0)
    header, _ = unpack(packed_looks({"reward": raw, "beta": raw, "first": raw}))
    assert header["first"] == 0
    assert len(header["looks"]) == 1


def test_the_page_says_what_the_record_holds():
    app = visit(PAGE)
    assert not app.exception
    assert "scrambled" in said(app)


def test_what_is_asked_by_hand():
    for question, right in ((advantage_question(), "0.67"), (stock_question(), "5 %")):
        assert [option.text for option in question.options if option.right] == [right]
