"""Who is this model? What is said agrees with the records, and is read when it is opened."""

import json

import pytest

import ui.about_model
from tests.lessons.test_lessons import LESSONS, visit
from tests.real_model import real_model
from transformer_core.checkpoints import load_checkpoint
from ui.about_model import KEY, prediction
from ui.known_models import ASSETS, REAL_MODEL, SHIPPED, catalogue


@pytest.mark.parametrize("name", SHIPPED)
def test_what_is_said_is_what_the_record_of_the_training_says(name):
    record = json.loads((ASSETS / name / "training.json").read_text("utf-8"))
    said = ui.about_model._facts()[name]
    assert f"{record['tokens_seen'] / 1e6:.1f} million tokens" in said["read"]
    for part in record["recipe"]["weights"].values():
        assert f"{part:.0%}".replace("%", " %") in said["read"]
    assert f"{record['seconds'] / 60:.0f} minutes" in said["trained"]
    repeated = sorted(round(100 * stage["repeated"]) for stage in record["stages"])
    assert f"Between {repeated[0]} and {repeated[-1]} % of the sequences" in said["trained"]


@pytest.mark.parametrize("name", SHIPPED)
def test_the_size_is_that_of_the_weights(name):
    known = catalogue().offered[name]
    count = sum(p.numel() for p in load_checkpoint(known.path).parameters())
    assert f"**{count:,} parameters**" in ui.about_model._size(known)


def test_the_loss_is_told_of_these_very_weights_alone(monkeypatch):
    known = catalogue().offered["fable-classic"]
    assert "4.41 ± 0.09 nats" in prediction(known)
    monkeypatch.setattr(ui.about_model, "weights_hash", lambda path: "0" * 64)
    assert prediction(known) == "It was not measured for these weights."


@real_model
def test_the_real_models_loss_is_told():
    assert "3.79 ± 0.10 nats" in prediction(catalogue().offered[REAL_MODEL])


def test_nothing_is_read_before_it_is_opened(folders, monkeypatch):
    def read(*_):
        raise AssertionError

    monkeypatch.setattr(ui.about_model, "_about", read)
    for lesson in LESSONS:
        assert not visit(lesson).exception


@pytest.mark.parametrize("model", SHIPPED)
def test_opened_it_tells_all(folders, model):
    app = visit(LESSONS[0], model=model)
    app.session_state[KEY] = True
    app.run()
    assert not app.exception
    said = "\n".join(each.value for each in app.markdown)
    for part in ("parameters**", "What it read", "How it was trained", "made up", "cannot do"):
        assert part in said
