"""Recorded experiments: quick versions run, results load whole or are refused in a sentence."""

import json
import logging
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from transformer_core.checkpoints import load_checkpoint
from transformer_core.records.json_file import RecordError
from transformer_core.records.result import Series, load_result
from transformer_core.training.evaluation import held_out_loss
from transformer_core.training.experiments import __main__ as command_line_module
from transformer_core.training.experiments import emergence, induction
from transformer_core.training.experiments.experiment import (
    Experiment,
    Findings,
    Place,
    commit,
)
from transformer_core.training.experiments.registry import EXPERIMENTS
from transformer_core.training.state import TrainingError

ROOT = Path(__file__).parents[4]
MODELS = ROOT / "assets" / "models"
RECORDED = sorted((ROOT / "assets" / "experiments").glob("*.json"))
each_experiment = pytest.mark.parametrize("name", EXPERIMENTS)


@pytest.fixture
def place(small_corpus, tmp_path):
    return Place(small_corpus, MODELS, tmp_path / "work")


def doubling(measure=lambda setting, place: {"twice": 2 * setting["of"]}):
    """An experiment of three settings, to try the machinery on."""
    return Experiment(
        name="doubling",
        question="What is twice as much?",
        varied="the number",
        held_equal="the factor",
        measured="its double",
        data={"sources": [], "split": "none"},
        settings=lambda place, quick: [
            {"of": i, "seeds": [i % 2]} for i in range(1 if quick else 3)
        ],
        measure=measure,
        conclude=lambda settings, measured: Findings(
            (
                Series(
                    "twice",
                    "x",
                    "y",
                    tuple(float(s["of"]) for s in settings),
                    tuple(float(m["twice"]) for m in measured),
                ),
            ),
            tokens=0,
            remark="",
        ),
    )


# ------------------------------------------------------------------------------ the experiments


@each_experiment
def test_the_quick_version_runs_and_its_result_loads(name, place, tmp_path):
    experiment, out = EXPERIMENTS[name], tmp_path / "result.json"
    result = experiment.run(place, out, quick=True)
    assert load_result(out) == result
    assert [path.name for path in tmp_path.iterdir()] == ["result.json"]
    assert result.quick
    assert result.command.endswith(f"{name} TOKENS_FOLDER --quick")
    assert result.tokens > 0
    assert result.remark
    assert all(len(series.x) >= 2 for series in result.series)


@each_experiment
def test_an_experiment_says_what_it_varies_and_what_it_holds_equal(name):
    experiment = EXPERIMENTS[name]
    assert experiment.name == name
    assert experiment.question.endswith("?")
    assert all((experiment.varied, experiment.held_equal, experiment.measured))
    assert experiment.data["split"] == "held_out"


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
def test_what_is_recorded_is_whole_and_not_a_quick_version(path):
    result = load_result(path)
    assert path.stem == result.name in EXPERIMENTS
    assert not result.quick
    assert result.command == EXPERIMENTS[result.name].command
    assert result.question == EXPERIMENTS[result.name].question
    assert result.machine
    assert result.configuration["settings"]
    assert result.commit.rstrip("+") not in ("", "unknown")


def test_every_experiment_is_recorded():
    assert {path.stem for path in RECORDED} == EXPERIMENTS.keys()


def test_emergence_measures_what_the_snapshots_records_say(place):
    """The same numbers as in steps.json, which the export measured by its own way."""
    result = load_result(ROOT / "assets" / "experiments" / "emergence.json")
    steps = json.loads((MODELS / "fable-tiny" / "steps" / "steps.json").read_text())["steps"]
    assert list(result.curve("tinystories").x) == [step["tokens_seen"] for step in steps]
    for source in emergence.SOURCES:
        losses = [step["held_out"][source]["nats_per_token"] for step in steps]
        assert result.curve(source).y == pytest.approx(losses, abs=2e-3)
    for role, name in emergence.HEADS.items():
        strongest = [max(head["repeated"][role] for head in step["heads"]) for step in steps]
        assert result.curve(name).y == pytest.approx(strongest, abs=2e-3)
    assert [text.text for text in result.texts] == [step["sample"] for step in steps]
    assert result.seeds == (1,)


def test_emergence_on_a_snapshot_is_what_its_parts_measure(place):
    setting = emergence.settings(place, quick=True)[-1]
    measured = emergence.measure(setting, place)
    model = load_checkpoint(MODELS / "fable-tiny")
    loss = held_out_loss(model, place.tokens, "tinystories", 1024).nats_per_token
    assert measured["loss"]["tinystories"] == pytest.approx(loss, abs=1e-4)
    assert measured["text"].startswith(emergence.PROMPT)


def test_induction_looks_at_one_run_that_goes_on(place):
    """The last look is the same whether the run stopped for the looks before it or not."""
    looks = induction.settings(place, quick=True)
    for i, setting in enumerate(looks):
        found = induction.measure(setting, replace(place, work=place.work / f"{i:03}"))
    elsewhere = place.work / "elsewhere" / "000"
    assert induction.measure(looks[-1], replace(place, work=elsewhere)) == found
    with pytest.raises(TrainingError, match=r"at step 10, past 0: delete it"):
        induction.measure(looks[0], replace(place, work=elsewhere))


def test_induction_names_the_shipped_model_that_has_what_it_lacks():
    settings = [s | {"sequences": 2} for s in induction.settings(None, quick=True)]
    heads = json.loads((MODELS / "fable-modern" / "head_roles.json").read_text())["heads"]
    training = json.loads((MODELS / "fable-modern" / "training.json").read_text())
    assert max(head["repeated"]["induction"] for head in heads) >= emergence.FORMED

    def remark(weight):
        looks = {"loss": dict.fromkeys(emergence.SOURCES, 3.0), "first_time": 8.0, "text": "a"}
        looks |= {"second_time": 7.0, "heads": {"previous_token": 0.9, "induction": weight}}
        return induction.conclude(settings, [looks] * len(settings)).remark

    shape = training["config"]
    assert (
        f"fable-modern ({training['parameters'] / 1e6:.1f} million parameters, "
        f"{shape['n_layers']} layers, {shape['d_model']} wide) has such heads after "
        f"{training['tokens_seen'] / 1e6:.1f} million tokens"
    ) in remark(0.1)
    assert "fable-modern" not in remark(0.5)


# -------------------------------------------------------------------------------- the machinery


def test_settings_seeds_and_time_are_recorded(place, tmp_path, caplog):
    caplog.set_level(logging.INFO)
    result = doubling().run(place, tmp_path / "result.json")
    assert result.curve("twice").y == (0.0, 2.0, 4.0)
    assert result.seeds == (0, 1)
    assert result.configuration["settings"][2] == {"of": 2, "seeds": [0]}
    assert result.seconds >= 0
    assert "2 of 3 done, 0 s left" in caplog.text


def test_a_killed_experiment_goes_on_after_the_last_measurement(place, tmp_path):
    out, done = tmp_path / "result.json", []

    def measure(setting, place):
        if setting["of"] == 2 and len(done) == 2:
            done.append("killed")
            raise KeyboardInterrupt
        done.append(setting["of"])
        return {"twice": 2 * setting["of"]}

    with pytest.raises(KeyboardInterrupt):
        doubling(measure).run(place, out)
    assert not out.exists()
    result = doubling(measure).run(place, out)
    assert done == [0, 1, "killed", 2]
    assert result.commit == commit()
    assert result.curve("twice").y == (0.0, 2.0, 4.0)
    assert [path.name for path in tmp_path.iterdir()] == ["result.json"]


def stopped(place, out):
    """Leave one measurement of an experiment that did not end."""

    def measure(setting, place):
        if setting["of"]:
            raise KeyboardInterrupt
        return {"twice": 0}

    with pytest.raises(KeyboardInterrupt):
        doubling(measure).run(place, out)
    return out.with_name(out.name + ".progress")


def test_an_experiment_is_not_resumed_with_other_settings(place, tmp_path):
    out = tmp_path / "result.json"
    kept = stopped(place, out).read_text()
    with pytest.raises(RecordError, match=r"other settings or another text.*another --out"):
        doubling().run(place, out, quick=True)
    assert stopped_file(out).read_text() == kept


def stopped_file(out):
    return out.with_name(out.name + ".progress")


def test_progress_that_was_cut_short_is_named(place, tmp_path):
    out = tmp_path / "result.json"
    path = stopped(place, out)
    path.write_text(path.read_text()[:-20])
    with pytest.raises(RecordError, match=r"result.json.progress is cut short"):
        doubling().run(place, out)


def test_a_measurement_that_is_no_number_ends_the_run_and_keeps_the_others(place, tmp_path):
    out = tmp_path / "result.json"

    def measure(setting, place):
        return {"twice": float("nan") if setting["of"] == 1 else 0.0}

    with pytest.raises(RecordError, match=r"Measurement 2 is not a number.*is kept in"):
        doubling(measure).run(place, out)
    assert json.loads(stopped_file(out).read_text())["measured"] == [{"twice": 0.0}]


@pytest.fixture
def command_line(monkeypatch):
    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["experiments", *map(str, arguments)])
        command_line_module.main()

    return run


def test_the_command_writes_the_result(command_line, place, tmp_path):
    out = tmp_path / "result.json"
    command_line("emergence", place.tokens, "--quick", "--out", out)
    assert load_result(out).quick


def test_a_missing_corpus_and_a_missing_model_are_one_line_and_status_1(
    command_line, place, tmp_path, capsys
):
    nowhere, out = tmp_path / "nowhere", tmp_path / "result.json"
    for arguments, sentence in (
        ((nowhere,), f"{nowhere / 'index.json'} is no index: prepare the corpus first."),
        ((place.tokens, "--models", nowhere), "cannot be read (No such file or directory)"),
    ):
        with pytest.raises(SystemExit) as ended:
            command_line("emergence", *arguments, "--quick", "--out", out)
        assert ended.value.code == 1
        said = capsys.readouterr().err
        assert sentence in said
        assert said.count("\n") == 1
    assert not out.exists()


def test_the_commit_is_git_s(monkeypatch):
    found = commit().rstrip("+")
    assert found == "unknown" or len(found) == 12
    monkeypatch.setenv("PATH", "")
    assert commit() == "unknown"
