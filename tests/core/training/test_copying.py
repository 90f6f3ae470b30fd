"""The run in which a circuit is born: its batches, and a short one from text to card."""

import json
import sys
from dataclasses import replace

import numpy as np
import pytest
import torch

from transformer_core.characters import WITH_INK, encode
from transformer_core.checkpoints import load_checkpoint
from transformer_core.training import copying_run
from transformer_core.training.copying_run import CONFIG, RECIPE, CopyingBatches, Exam

TEXT = np.array(encode("Once there was a cat. " * 40), dtype=np.int64)


def test_a_batch_is_a_function_of_its_step():
    batches = CopyingBatches(TEXT, RECIPE)
    inputs, targets = batches.batch(3)
    assert inputs.shape == targets.shape == (32, CONFIG.context_length)
    torch.testing.assert_close(inputs[:, 1:], targets[:, :-1])
    torch.testing.assert_close(batches.batch(3)[0], inputs)
    assert not torch.equal(batches.batch(4)[0], inputs)


def test_most_rows_end_in_a_pattern_that_repeats():
    rows = torch.cat([CopyingBatches(TEXT, RECIPE).batch(step)[0] for step in range(8)])
    ends = [row for row in rows.tolist() if repeats(row[-8:]) or repeats_longer(row)]
    assert 0.6 < len(ends) / len(rows) < 0.9
    plain = CopyingBatches(TEXT, replace(RECIPE, repeated=0.0)).batch(0)[0]
    assert set(plain.flatten().tolist()) <= set(TEXT.tolist())


def repeats(row: list[int]) -> bool:
    return row[:4] == row[4:] and set(row) <= {*WITH_INK}


def repeats_longer(row: list[int]) -> bool:
    return any(row[-n:] == row[-2 * n : -n] and len({*row[-n:]}) == n for n in range(4, 33))


def test_a_short_run_from_text_to_card(tmp_path, monkeypatch):
    story = "Once upon a time there was a cat. It saw a dog and ran home.\n"
    text = tmp_path / "tinystories.txt"
    text.write_text("".join(f"{story}Then came day {i}. {story}" for i in range(40)), "utf-8")
    short = replace(RECIPE, tokens=2 * 32 * CONFIG.context_length)
    monkeypatch.setattr(copying_run, "RECIPE", short)
    monkeypatch.setattr(copying_run, "STEPS", (0, 2))
    out = tmp_path / "out"
    monkeypatch.setattr(sys, "argv", ["copying_run", str(text), "--out", str(out)])
    copying_run.main()
    record = json.loads((out / "training.json").read_text("utf-8"))
    assert [look["step"] for look in record["looks"]] == [0, 2]
    assert record["parameters"] == 55_616
    card = (out / "README.md").read_text("utf-8")
    assert "TinyStories" in card
    assert "| 2 |" in card
    train, held_out = copying_run.characters_of(text)
    assert len(train) > len(held_out)
    look = Exam.drawn(held_out).look(load_checkpoint(out / "step_000002"), 2)
    assert look["second_copy"] == pytest.approx(record["looks"][1]["second_copy"], abs=0.02)


def test_a_text_that_is_missing_is_a_sentence(tmp_path, monkeypatch, capsys):
    command = ["copying_run", str(tmp_path / "none.txt"), "--out", str(tmp_path)]
    monkeypatch.setattr(sys, "argv", command)
    with pytest.raises(SystemExit):
        copying_run.main()
    assert "cannot be read" in capsys.readouterr().err
