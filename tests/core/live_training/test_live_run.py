"""Orders within their limits, the loop, and the process with its commands and its end."""

import json
import subprocess
import sys
from base64 import b64decode
from math import log
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from transformer_core.checkpoints import load_checkpoint
from transformer_core.live_training.loop import ExplodedError, LiveRun, accuracy, cross_entropy
from transformer_core.live_training.messages import SYMBOLS_FILE, described, write_order
from transformer_core.live_training.order import (
    LONGEST_TEXT,
    Order,
    OrderError,
    check_text,
)

ROOT = Path(__file__).parents[3]
TINY = {"d_model": 16, "n_heads": 1, "steps": 50}


@pytest.mark.parametrize(
    "wrong",
    [
        {"task": "<script>"},
        {"n_layers": 3},
        {"n_heads": 3},
        {"n_heads": True},
        {"d_model": 2**40},
        {"d_model": "64"},
        {"learning_rate": 0},
        {"learning_rate": float("nan")},
        {"learning_rate": -1},
        {"learning_rate": "fast"},
        {"steps": 10**9},
        {"steps": 1.5},
        {"steps": None},
        {"task": "text"},
        {"task": "text", "text": "\x00\x01\x02" * 400},
        {"task": "text", "text": "a" * (LONGEST_TEXT + 1)},
        {"task": "text", "text": "a" * 600},
        {"task": "text", "text": "too short"},
        {"task": "text", "text": 3},
        {"nobody": 1},
    ],
)
def test_what_cannot_be_trained_is_told_in_a_sentence(wrong):
    with pytest.raises(OrderError) as told:
        Order.from_dict(wrong)
    assert str(told.value)[0].isupper()
    assert str(told.value).endswith(".")


def test_an_order_is_a_table():
    with pytest.raises(OrderError):
        Order.from_dict([1])
    check_text("A text with é, 猫 and 👩‍👩‍👧. " * 30)


def test_loss_and_accuracy_are_pytorchs_over_what_is_asked():
    logits, targets = torch.randn(3, 4, 5), torch.randint(5, (3, 4))
    targets[:, 0] = -100
    asked = logits[:, 1:].flatten(0, 1), targets[:, 1:].flatten()
    assert torch.allclose(cross_entropy(logits, targets), F.cross_entropy(*asked))
    assert accuracy(logits, targets) == (asked[0].argmax(-1) == asked[1]).float().mean()


def test_a_run_begins_near_the_uniform_guess_and_learns():
    torch.set_num_threads(1)
    run = LiveRun(Order("copying", learning_rate=3e-3, steps=60, d_model=32))
    records = list(run.records())
    assert [records[0].step, records[-1].step] == [0, 60]
    assert abs(records[0].held_out_loss - log(11)) < 0.4
    assert records[-1].held_out_loss < 0.6 * records[0].held_out_loss
    assert records[-1].accuracy > records[0].accuracy
    assert torch.allclose(records[-1].weights.sum(-1), torch.ones(1, 2, 16), atol=1e-4)


def test_the_gradients_length_is_pytorchs():
    run = LiveRun(Order(**TINY))
    _, length = run._loss_and_gradient()
    whole = torch.nn.utils.clip_grad_norm_(run.model.parameters(), float("inf"))
    assert length == pytest.approx(whole.item(), rel=1e-5)


@pytest.mark.parametrize("rate", [1.0, 1_000.0])
def test_a_rate_that_is_too_high_is_caught_and_the_curve_kept(rate):
    records = []
    run = LiveRun(Order(**TINY, learning_rate=rate)).records()
    told = (json.loads(json.dumps(described(each, 0.0), allow_nan=False)) for each in run)
    with pytest.raises(ExplodedError):
        records.extend(told)
    assert len(records) >= 2
    assert records[-1]["step"] < TINY["steps"]


def test_it_ends_early_when_it_is_told_to():
    answers = iter([True, True, False])
    assert [r.step for r in LiveRun(Order(**TINY)).records(lambda: next(answers))] == [0, 1, 2]


def test_a_texts_model_writes_and_its_weights_travel_as_bytes():
    text = "The cat saw a bird. It wanted to catch the bird.\n" * 20
    run = LiveRun(Order("text", text=text, **TINY))
    record = next(run.records())
    told = described(record, 1.0)
    bytes_ = np.frombuffer(b64decode(told["weights"]), np.uint8).reshape(told["shape"])
    assert abs(bytes_ / 255 - record.weights.numpy()).max() < 0.003
    assert len(told["samples"][0]["answered"]) == 100


def process(order: Order, folder: Path) -> subprocess.Popen:
    write_order(order, folder)
    return subprocess.Popen(
        [sys.executable, "-m", "transformer_core.live_training", str(folder)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )


def test_the_process_pauses_goes_on_stops_and_leaves_a_model_without_the_text(tmp_path):
    text = "The cat saw a bird. It wanted to catch the bird.\n" * 20
    trainer = process(Order("text", text=text, **TINY | {"steps": 2_000}), tmp_path)
    first = json.loads(trainer.stdout.readline())
    assert first["kind"] == "beginning"
    assert first["order"]["text"] == ""
    trainer.stdin.write(b"pause\nresume\nstop\n")
    trainer.stdin.flush()
    said = [json.loads(line) for line in trainer.stdout]
    assert trainer.wait(20) == 0
    assert said[-1] == {"kind": "ending", "how": "stopped", "says": ""}
    assert "bird" not in "".join(path.read_text() for path in tmp_path.glob("*.json"))
    symbols = json.loads((tmp_path / SYMBOLS_FILE).read_text())
    assert load_checkpoint(tmp_path).config.vocab_size == len(symbols)


def test_memory_is_that_of_the_process_itself():
    """Not what the process that started it held."""
    count = "from transformer_core.live_training.__main__ import peak_memory; print(peak_memory())"
    held = bytearray(800 * 2**20)
    held[:: 2**12] = b"x" * len(held[:: 2**12])
    told = subprocess.run([sys.executable, "-c", count], capture_output=True, text=True, cwd=ROOT)
    assert 50 < float(told.stdout) < 700
