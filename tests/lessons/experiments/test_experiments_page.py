"""The Experiments page through `app.py`: every record, a damaged one, none, and any address."""

import json
import re
from dataclasses import replace
from pathlib import Path
from statistics import fmean

import pytest

import pages.n4_scale.experiments.experiment_list
from pages.n4_scale.experiments.experiment_words import (
    day,
    duration,
    flat,
    in_words,
    shared_and_varied,
    title_of,
    told,
    value_and_interval,
)
from tests.lessons.test_lessons import HOSTILE, assert_whole, said, visit
from transformer_core.laws.estimate import Estimate
from transformer_core.records.result import Result, Series, Text, save_result

PAGE = "pages/n4_scale/experiments/experiments.py"
SHIPPED = sorted(pages.n4_scale.experiments.experiment_list.FOLDER.glob("*.json"))
RESULT = Result(
    name="heads",
    question="Does *one* head do?",
    command="python -m transformer_core.training.experiments heads TOKENS_FOLDER",
    quick=False,
    configuration={
        "varied": "the number of heads",
        "held_equal": "all else",
        "measured": "loss",
        "settings": [
            {"seed": 1, "model": {"n_heads": 1, "d_model": 64}},
            {"seed": 1, "model": {"n_heads": 2, "d_model": 64}},
        ],
    },
    seeds=(1, 2),
    data={"sources": ["tinystories"], "split": "held_out", "prompt": "Once"},
    tokens=1_000_000,
    machine="CPU, x86_64",
    date="2026-11-24",
    commit="abc",
    seconds=381.1,
    series=(Series("loss", "heads", "loss, nats per token", (1.0, 2.0), (3.0, 2.5)),),
    fitted={"alpha": Estimate(0.3412, 0.318, 0.366)},
    texts=(Text(1.0, "Once <b>a</b>\ntime"), Text(2.0, "Once :red[more]")),
    remark="Two heads do better.",
)


@pytest.fixture
def records(tmp_path, monkeypatch):
    """An empty folder of experiments."""
    folder = tmp_path / "experiments"
    folder.mkdir()
    monkeypatch.setattr(pages.n4_scale.experiments.experiment_list, "FOLDER", folder)
    return folder


def components(app, name):
    """What the page sends to each component of this name."""
    sent = [element.proto for element in app.get("bidi_component")]
    return [json.loads(proto.json) for proto in sent if proto.component_name.endswith(name)]


def entries(app):
    (data,) = components(app, "experiment_list")
    return data["entries"]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_recorded_experiment_is_shown_as_recorded(folders, path):
    app = visit(PAGE, experiment=path.stem)
    assert_whole(app)
    assert not app.error
    assert not app.warning
    record = json.loads(path.read_text("utf-8"))
    assert app.subheader[0].value == title_of(path.stem)
    assert [code.value for code in app.code] == [record["command"]]
    names = [name for data in components(app, "curves") for name in drawn(data)]
    assert sorted(names) == sorted(each["name"].replace("_", " ") for each in record["series"])


def drawn(data):
    names = [curve["name"] for curve in data["curves"]]
    assert names == [curve["meta"]["name"] for curve in data["figure"]["data"]]
    for curve, line in zip(data["curves"], data["figure"]["data"], strict=True):
        repeats = data["ending"] == "mean of the points"
        assert repeats is (len(set(line["x"])) == 1 < len(line["x"]))
        assert curve["last"] == pytest.approx(fmean(line["y"]) if repeats else line["y"][-1])
    return names


def test_the_list_comes_first_and_names_them_all(folders):
    app = visit(PAGE)
    assert [entry["name"] for entry in entries(app)] == [path.stem for path in SHIPPED]
    for entry in entries(app):
        assert all(entry[part] for part in ("title", "question", "facts", "curves"))
    assert not app.subheader


@pytest.mark.parametrize(
    "nonsense", ["99", "../heads", "emergence.json", "<script>", "\x00", *HOSTILE.values()]
)
def test_an_address_that_names_none_gets_a_sentence_and_the_list(folders, nonsense):
    app = visit(PAGE, experiment=nonsense)
    assert_whole(app)
    assert not app.subheader
    assert len(entries(app)) == len(SHIPPED)
    assert ("not on record" in said(app)) is bool(nonsense)
    assert "<script>" not in said(app)


def test_all_parts_of_a_record_are_told(folders, records):
    save_result(records / "heads.json", RESULT)
    app = visit(PAGE, experiment="heads")
    assert_whole(app)
    shown = said(app)
    for words in (
        "Two heads do better",
        "Does \\*one\\* head do",
        "The number of heads",
        "All else",
    ):
        assert words in shown
    assert "24 November 2026 · 6 min 21 s" in shown
    assert "`seed = 1`" in shown
    assert app.dataframe[0].value["model.n_heads"].tolist() == [1, 2]
    fitted, texts, record = (table.value for table in app.table)
    assert fitted.iloc[0].tolist() == ["alpha", "0.341", "0.318 to 0.366"]
    assert texts["text"].tolist() == ["\\<b\\>a\\<\\/b\\> ↵ time", "\\:red\\[more\\]"]
    assert "Each continues “Once”." in shown
    assert "1,000,000" in record.to_string().replace("\\", "")


def test_an_experiment_needs_neither_curves_nor_texts_nor_settings(folders, records):
    bare = replace(RESULT, series=(), fitted={}, texts=(), remark="", configuration={}, data={})
    save_result(records / "heads.json", replace(bare, quick=True))
    app = visit(PAGE, experiment="heads")
    assert_whole(app)
    assert "its numbers prove nothing" in app.warning[0].value
    assert not components(app, "curves")


def damage(path: Path, kind: str) -> None:
    save_result(path, RESULT)
    record = json.loads(path.read_text("utf-8"))
    if kind == "cut short":
        path.write_text(path.read_text("utf-8")[:300], "utf-8")
    elif kind == "not text":
        path.write_bytes(b"\xff\xfe\x00")
    elif kind == "older schema":
        path.write_text(json.dumps(record | {"schema": 0}), "utf-8")
    elif kind == "words for numbers":
        path.write_text(json.dumps(record | {"fitted": {"a": dict.fromkeys(SIDES, "b")}}), "utf-8")
    elif kind == "numbers for words":
        path.write_text(json.dumps(record | {"texts": [{"at": 1.0, "text": 5}]}), "utf-8")
    elif kind == "folder":
        path.unlink()
        path.mkdir()


SIDES = ("value", "low", "high")
DAMAGES = {
    "cut short": "cut short or no JSON",
    "not text": "cut short or no JSON",
    "older schema": "has schema 0, this version reads schema 1; run its experiment again.",
    "words for numbers": "not whole",
    "numbers for words": "text is 5, no text",
    "folder": "cannot be read",
}


@pytest.mark.parametrize("kind", DAMAGES)
def test_a_damaged_record_is_told_in_its_place_and_the_rest_works(folders, records, kind):
    save_result(records / "heads.json", RESULT)
    damage(records / "needle.json", kind)
    app = visit(PAGE)
    assert_whole(app)
    good, bad = entries(app)
    assert good["question"] == RESULT.question
    assert DAMAGES[kind] in bad["damage"]
    assert bad["damage"].startswith("needle.json ") or "in needle.json" in bad["damage"]
    assert str(records) not in bad["damage"]
    app = visit(PAGE, experiment="needle")
    assert_whole(app)
    assert app.warning[0].value == bad["damage"]
    assert visit(PAGE, experiment="heads").subheader[0].value == "Heads"


def test_a_file_that_is_added_or_replaced_is_seen(folders, records):
    save_result(records / "heads.json", RESULT)
    app = visit(PAGE)
    save_result(records / "heads.json", replace(RESULT, question="Another question?"))
    save_result(records / "scaling_ladder.json", replace(RESULT, name="scaling_ladder"))
    app.run()
    assert [entry["title"] for entry in entries(app)] == ["Heads", "Scaling ladder"]
    assert entries(app)[0]["question"] == "Another question?"


def test_a_file_is_read_once_until_it_changes(folders, records, monkeypatch):
    save_result(records / "heads.json", RESULT)
    pages.n4_scale.experiments.experiment_list.recorded()
    monkeypatch.setattr(
        pages.n4_scale.experiments.experiment_list,
        "load_result",
        lambda path: pytest.fail("read again"),
    )
    assert pages.n4_scale.experiments.experiment_list.recorded()["heads"] == RESULT


@pytest.mark.parametrize("there", [True, False])
def test_an_empty_or_missing_folder_is_told(folders, records, there):
    if not there:
        records.rmdir()
    app = visit(PAGE, experiment="heads")
    assert not app.exception
    assert "No experiment is recorded here yet" in app.info[0].value


def test_dates_and_durations():
    assert day("2026-11-04") == "4 November 2026"
    assert day("yesterday") == "yesterday"
    said = [duration(s) for s in (0.34, 48.2, 59.7, 129.7, 600, 3_599, 7_200, 14_750)]
    assert said == ["0.3 s", "48 s", "1 min", "2 min 10 s", "10 min", "1 h", "2 h", "4 h 6 min"]


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ((0.3412, 0.318, 0.366), ("0.341", "0.318 to 0.366")),
        ((406.4, 290.1, 560.3), ("406", "290 to 560")),
        ((-1.25, -1.5, -1.0), ("−1.25", "−1.50 to −1.00")),
        ((2.0, 2.0, 2.0), ("2", "")),
        ((0.9997, 0.9997, 0.9997), ("0.9997", "")),
        ((3e15, 1e15, 9e15), ("3·10¹⁵", "1·10¹⁵ to 9·10¹⁵")),
    ],
)
def test_a_value_has_the_digits_that_its_interval_warrants(numbers, said):
    assert value_and_interval(Estimate(*numbers)) == said


def test_a_remark_is_a_headline_and_paragraphs_with_their_titles():
    assert told("Two do better.") == [("", "Two do better.")]
    assert told("A.\n\nB.\n\nC.\n\nD.") == [
        ("", "A."),
        ("What it shows", "B."),
        ("What it does not show", "C."),
        ("What larger studies find", "D."),
    ]
    assert told("A.\n\nB.") == [("", "A."), ("", "B.")]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_the_remark_is_told_first_and_nothing_raw_is_on_screen(folders, path):
    app = visit(PAGE, experiment=path.stem)
    shown = said(app)
    for title in ("What it shows", "What it does not show", "What larger studies find"):
        assert f"**{title}**" in shown
    tables = " ".join(table.value.to_string() for table in app.table)
    assert not re.search(r"[{}]|larger_base|R² of", shown + tables)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_series_has_one_colour_in_all_charts_of_a_record(folders, path):
    app = visit(PAGE, experiment=path.stem)
    looks = {}
    for data in components(app, "curves"):
        for curve in data["curves"]:
            looks.setdefault(curve["name"], set()).add((curve["colour"], curve["dash"]))
    assert all(len(found) == 1 for found in looks.values())


def test_settings_are_split_into_what_is_shared_and_what_varies():
    settings = [
        {"seed": 1, "model": {"d_ff": 8, "norm": "rms"}, "rates": [1, 2], "extra": 5},
        {"seed": 2, "model": {"d_ff": 8, "norm": "layer"}, "rates": [1, 2]},
    ]
    shared, varied = shared_and_varied(settings)
    assert shared == {"model.d_ff": "8", "rates": "1, 2"}
    assert varied == {"seed": [1, 2], "model.norm": ["rms", "layer"], "extra": ["5", ""]}
    assert flat({"a": {}, "b": {"c": {"d": None}}}) == {"a": {}, "b.c.d": None}
    assert [in_words(x) for x in (True, None, 16_384, [], {"a": 1})] == [
        *("yes", "none", "16,384", "none", "a 1")
    ]
