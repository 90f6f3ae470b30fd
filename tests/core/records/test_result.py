"""Results are written whole, and load as they were saved or are refused in a sentence."""

import errno
import json
import os
from dataclasses import replace

import pytest

from transformer_core import whole_file
from transformer_core.laws.estimate import Estimate
from transformer_core.records.json_file import RecordError
from transformer_core.records.result import (
    SCHEMA,
    Result,
    Series,
    Text,
    load_result,
    save_result,
)

RESULT = Result(
    name="doubling",
    question="What is twice as much?",
    command="python -m transformer_core.training.experiments doubling TOKENS_FOLDER",
    quick=False,
    configuration={"settings": [{"of": 1}]},
    seeds=(1, 2),
    data={"sources": ["tinystories"], "split": "held_out"},
    tokens=7,
    machine="CPU",
    date="2026-01-31",
    commit="0123456789ab",
    seconds=1.5,
    series=(Series("twice", "x", "y", (1.0, 2.0), (2.0, 4.0)),),
    fitted={"slope": Estimate(2.0, 1.9, 2.1)},
    texts=(Text(1.0, "two, “zwei”"),),
    remark="Twice.",
)


def test_a_full_disk_keeps_the_old_result(tmp_path, monkeypatch):
    out = tmp_path / "result.json"
    save_result(out, RESULT)

    def full(file):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(whole_file.os, "fsync", full)
    with pytest.raises(RecordError, match=r"No space left.*before is kept"):
        save_result(out, replace(RESULT, remark="new"))
    assert load_result(out) == RESULT
    assert [path.name for path in tmp_path.iterdir()] == ["result.json"]


def test_a_result_comes_back_as_it_was_saved(tmp_path):
    save_result(tmp_path / "new" / "result.json", RESULT)
    assert load_result(tmp_path / "new" / "result.json") == RESULT


@pytest.mark.parametrize("kept", [0, 1, 40, 400, -2])
def test_a_file_cut_short_is_refused(tmp_path, kept):
    path = tmp_path / "result.json"
    save_result(path, RESULT)
    path.write_text(path.read_text()[:kept])
    with pytest.raises(RecordError, match=r"result.json is cut short"):
        load_result(path)


def test_a_file_that_is_not_there_or_not_text_is_refused(tmp_path):
    with pytest.raises(RecordError, match="cannot be read"):
        load_result(tmp_path / "none.json")
    (tmp_path / "binary.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(RecordError, match="cut short or no JSON"):
        load_result(tmp_path / "binary.json")
    (tmp_path / "list.json").write_text("[1]")
    with pytest.raises(RecordError, match="holds no result"):
        load_result(tmp_path / "list.json")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"schema": 0}, f"has schema 0, this version reads schema {SCHEMA}; run its experiment"),
        ({"schema": None}, "has no schema"),
        ({"extra": 1}, "lacks or adds extra"),
        ({"tokens": "many"}, "tokens in .* is 'many'"),
        ({"tokens": True}, "tokens in .* is True"),
        ({"seeds": 1}, "seeds in"),
        ({"series": [{"name": "a"}]}, "is not whole .*; repeat it: python -m"),
        (
            {"series": [{"name": "a", "x_label": "", "y_label": "", "x": [1, 2], "y": [1]}]},
            "series 'a' has 2 x and 1 y",
        ),
        (
            {
                "series": [
                    {"name": "a", "x_label": "", "y_label": "", "x": [1], "y": [float("nan")]}
                ]
            },
            "series 'a' holds a value that is no number",
        ),
        ({"fitted": {"slope": {"value": 1}}}, "is not whole"),
        ({"texts": [1]}, "is not whole"),
    ],
)
def test_a_file_of_another_schema_or_not_whole_is_refused_in_a_sentence(tmp_path, change, sentence):
    path = tmp_path / "result.json"
    save_result(path, RESULT)
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(RecordError, match=sentence):
        load_result(path)


def test_a_lacking_field_is_named(tmp_path):
    path = tmp_path / "result.json"
    save_result(path, RESULT)
    record = json.loads(path.read_text())
    del record["machine"]
    path.write_text(json.dumps(record))
    with pytest.raises(RecordError, match="lacks or adds machine"):
        load_result(path)
