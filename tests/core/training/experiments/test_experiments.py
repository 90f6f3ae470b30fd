"""Recorded experiments: quick versions run and go on where they stopped; settings are on record."""

import json
import logging
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from transformer_core.records.json_file import RecordError
from transformer_core.records.result import Series, load_result, save_result
from transformer_core.training.experiments import __main__ as command_line_module
from transformer_core.training.experiments.experiment import Experiment, Findings, Place
from transformer_core.training.experiments.plain import from_plain, to_plain
from transformer_core.training.experiments.progress import commit
from transformer_core.training.experiments.registry import EXPERIMENTS

ROOT = Path(__file__).parents[4]
MODELS = ROOT / "assets" / "models"
RECORDED = sorted((ROOT / "assets" / "experiments").glob("*.json"))
each_experiment = pytest.mark.parametrize("name", EXPERIMENTS)


@pytest.fixture
def place(small_corpus, tmp_path):
    return Place(small_corpus, MODELS, tmp_path / "work")


@dataclass(frozen=True)
class Number:
    of: int
    seeds: tuple[int, ...]


@dataclass(frozen=True)
class Double:
    twice: float


def double(setting, place):
    return Double(2.0 * setting.of)


def doubling(measure=double):
    """An experiment of three settings, to try the machinery on."""
    return Experiment(
        name="doubling",
        question="What is twice as much?",
        varied="the number",
        held_equal="the factor",
        measured="its double",
        data={"sources": [], "split": "none"},
        settings=lambda place, quick: [Number(i, (i % 2,)) for i in range(1 if quick else 3)],
        measure=measure,
        measurement=Double,
        conclude=lambda settings, measured: Findings(
            (
                Series(
                    "twice",
                    "x",
                    "y",
                    tuple(float(s.of) for s in settings),
                    tuple(m.twice for m in measured),
                ),
            ),
            tokens=0,
        ),
    )


# ------------------------------------------------------------------------------ the experiments


@each_experiment
def test_the_quick_version_runs_and_all_it_measured_loads(name, place, tmp_path):
    experiment, out = EXPERIMENTS[name], tmp_path / "result.json"
    result = experiment.run(place, out, quick=True)
    assert load_result(out) == result
    assert [path.name for path in tmp_path.iterdir()] == ["result.json"]
    assert result.quick
    assert result.command.endswith(f"{name} TOKENS_FOLDER --quick")
    assert result.tokens > 0
    assert result.remark == ""
    assert all(len(series.x) >= 2 for series in result.series)
    kept = result.configuration["measurements"]
    measured = [from_plain(experiment.measurement, each) for each in kept]
    assert [to_plain(each) for each in measured] == kept
    findings = experiment.conclude(experiment.settings(place, True), measured)  # as when resumed
    assert (findings.series, findings.fitted) == (result.series, result.fitted)


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
    for said in ("varied", "held_equal", "measured"):
        assert result.configuration[said] == getattr(EXPERIMENTS[result.name], said)
    assert result.commit.rstrip("+") not in ("", "unknown")


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
def test_what_is_recorded_was_made_by_these_settings(path, place):
    recorded = load_result(path).configuration["settings"]
    ours = [to_plain(setting) for setting in EXPERIMENTS[path.stem].settings(place, False)]
    if path.stem == "position_loss":  # counts the windows of the text that is there
        ours = [
            now | {"windows": then["windows"]} for now, then in zip(ours, recorded, strict=True)
        ]
    assert len(ours) == len(recorded)
    for now, then in zip(ours, recorded, strict=True):
        assert then.items() <= now.items()


def test_every_experiment_is_recorded():
    assert {path.stem for path in RECORDED} == EXPERIMENTS.keys()


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
        if setting.of == 2 and len(done) == 2:
            done.append("killed")
            raise KeyboardInterrupt
        done.append(setting.of)
        return double(setting, place)

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
        if setting.of:
            raise KeyboardInterrupt
        return Double(0.0)

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


def test_progress_of_another_version_is_named(place, tmp_path):
    out = tmp_path / "result.json"
    path = stopped(place, out)
    path.write_text(path.read_text().replace("twice", "thrice"))
    with pytest.raises(RecordError, match=r"result.json.progress holds .* another version"):
        doubling().run(place, out)


def test_a_measurement_that_is_no_number_ends_the_run_and_keeps_the_others(place, tmp_path):
    out = tmp_path / "result.json"

    def measure(setting, place):
        return Double(float("nan") if setting.of == 1 else 0.0)

    with pytest.raises(RecordError, match=r"Measurement 2 is not a number.*is kept in"):
        doubling(measure).run(place, out)
    assert json.loads(stopped_file(out).read_text())["measured"] == [{"twice": 0.0}]


@pytest.fixture
def command_line(monkeypatch):
    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["experiments", *map(str, arguments)])
        command_line_module.main()

    return run


def test_the_command_writes_numbers_and_asks_a_person_for_words(
    command_line, place, tmp_path, caplog
):
    caplog.set_level(logging.INFO)
    out = tmp_path / "result.json"
    command_line("emergence", place.tokens, "--quick", "--out", out)
    assert load_result(out).quick
    assert 'Its "remark" is empty: write there' in caplog.text
    said = "Little comes of little."
    save_result(out, replace(load_result(out), remark=said, tokens=1))
    command_line("emergence", place.tokens, "--quick", "--out", out)
    assert load_result(out).remark == said
    assert load_result(out).tokens > 1
    assert 'Its "remark" is kept from before: see whether' in caplog.text


def test_a_damaged_record_is_replaced_by_one_without_words(place, tmp_path):
    out = tmp_path / "result.json"
    out.write_text("{")
    assert doubling().run(place, out).remark == ""


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
