"""Snapshots of a training and looks at a run: each is measured in the same way."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from transformer_core.checkpoints import load_checkpoint
from transformer_core.records.result import load_result
from transformer_core.training.evaluation import held_out_loss
from transformer_core.training.experiments.emergence.measurement import HEADS, SOURCES, measure
from transformer_core.training.experiments.emergence.setting import settings as snapshots
from transformer_core.training.experiments.experiment import Place
from transformer_core.training.experiments.induction.measurement import measure as look_at_run
from transformer_core.training.experiments.induction.setting import settings as looks_at_run
from transformer_core.training.measurements import PROMPT
from transformer_core.training.state import TrainingError

ROOT = Path(__file__).parents[4]
MODELS = ROOT / "assets" / "models"


@pytest.fixture
def place(small_corpus, tmp_path):
    return Place(small_corpus, MODELS, tmp_path / "work")


def test_emergence_measures_what_the_snapshots_records_say(place):
    """The same numbers as in steps.json, which the export measured by its own way."""
    result = load_result(ROOT / "assets" / "experiments" / "emergence.json")
    steps = json.loads((MODELS / "fable-tiny" / "steps" / "steps.json").read_text())["steps"]
    assert list(result.curve("tinystories").x) == [step["tokens_seen"] for step in steps]
    for source in SOURCES:
        losses = [step["held_out"][source]["nats_per_token"] for step in steps]
        assert result.curve(source).y == pytest.approx(losses, abs=2e-3)
    for role, name in HEADS.items():
        strongest = [max(head["repeated"][role] for head in step["heads"]) for step in steps]
        assert result.curve(name).y == pytest.approx(strongest, abs=2e-3)
    assert [text.text for text in result.texts] == [step["sample"] for step in steps]
    assert result.seeds == (1,)


def test_emergence_on_a_snapshot_is_what_its_parts_measure(place):
    setting = snapshots(place, quick=True)[-1]
    measured = measure(setting, place)
    model = load_checkpoint(MODELS / "fable-tiny")
    loss = held_out_loss(model, place.tokens, "tinystories", 1024).nats_per_token
    assert measured.loss["tinystories"] == pytest.approx(loss, abs=1e-4)
    assert measured.text.startswith(PROMPT)


def test_induction_looks_at_one_run_that_goes_on(place):
    """The last look is the same whether the run stopped for the looks before it or not."""
    looks = looks_at_run(place, quick=True)
    for i, setting in enumerate(looks):
        found = look_at_run(setting, replace(place, work=place.work / f"{i:03}"))
    elsewhere = place.work / "elsewhere" / "000"
    assert look_at_run(looks[-1], replace(place, work=elsewhere)) == found
    with pytest.raises(TrainingError, match=r"at step 10, past 0: delete it"):
        look_at_run(looks[0], replace(place, work=elsewhere))
