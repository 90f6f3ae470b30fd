"""The date writer's training: what it is shown, that it learns and goes on, what is kept of it."""

import json

import torch

from transformer_core.dates import (
    END,
    LONGEST,
    N_TARGET,
    START,
    is_held_out,
    read_date,
    text_of,
)
from transformer_core.training import date_card
from transformer_core.training.date_card import export, measured
from transformer_core.training.dates import Dates, date_run
from transformer_core.training.state import Recipe

RECIPE = Recipe({}, 12 * 16 * N_TARGET, 16, 16, repeated=0.0)


def test_a_batch_holds_pairs_that_are_not_held_out():
    dates = Dates(200, seed=1)
    inputs, targets = dates.batch(3)
    assert inputs.shape == (200, LONGEST + N_TARGET)
    assert (inputs[:, LONGEST] == START).all()
    assert (targets[:, -1] == END).all()
    assert torch.equal(inputs[:, LONGEST + 1 :], targets[:, :-1])
    for row, target in zip(inputs.tolist(), targets.tolist(), strict=True):
        day = read_date(text_of(row[:LONGEST]))
        assert day is not None
        assert day.isoformat() == text_of(target)
        assert not is_held_out(day)
    assert torch.equal(inputs, dates.batch(3)[0])
    assert not torch.equal(inputs, dates.batch(4)[0])


def test_a_run_learns_goes_on_and_is_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(date_card, "N_MEASURED", 40)
    date_run(RECIPE, tmp_path / "run").train(until=6)
    run = date_run(RECIPE, tmp_path / "run")
    assert run.progress.step == 6
    run.train()
    assert run.progress.curve[-1]["loss"] < 4
    export(run, tmp_path / "model", "python -m it", "a machine")
    record = json.loads((tmp_path / "model" / "training.json").read_text("utf-8"))
    assert record["steps"] == 12
    assert record["held_out"]["all"]["dates"] == 40
    assert "a machine" in (tmp_path / "model" / "README.md").read_text("utf-8")


def test_only_held_out_dates_are_measured(monkeypatch):
    seen = []
    monkeypatch.setattr(date_card, "N_MEASURED", 60)
    monkeypatch.setattr(date_card, "rewritten", lambda _, texts: seen.extend(texts) or texts)
    counts = measured(torch.nn.Identity())
    assert len(seen) == 60
    assert all(is_held_out(read_date(text)) for text in seen)
    kinds = ("month as a word", "digits, day first", "digits, year first")
    assert sum(counts[kind]["dates"] for kind in kinds) == 60
