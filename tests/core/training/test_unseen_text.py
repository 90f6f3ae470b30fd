"""The loss on a text that no model has read."""

import hashlib
import json
import math
from pathlib import Path

import pytest
import torch

from tests.real_model import PATH, packaged, real_model
from transformer_core.checkpoints import load_checkpoint
from transformer_core.presets import PRESETS
from transformer_core.shipped_vocabulary import load_shipped
from transformer_core.training.unseen_text import FABLE, WINDOW, text_loss, unseen_text_record
from transformer_core.transformer import Transformer

ASSETS = Path(__file__).parents[3] / "assets"
TEXT = ASSETS / "unseen_text.txt"


def recorded(name: str) -> dict:
    return json.loads((ASSETS / "models" / name / "unseen_text.json").read_text("utf-8"))


def test_a_model_that_knows_nothing_is_as_uncertain_as_its_vocabulary_is_large():
    model = Transformer(PRESETS["fable-tiny"])
    for parameter in model.parameters():
        parameter.data.zero_()
    loss = text_loss(model, range(600), n_bytes=1_200)
    assert loss.tokens == 599
    assert loss.nats_per_token == pytest.approx(math.log(4096), abs=1e-5)
    assert loss.perplexity == pytest.approx(4096, rel=1e-4)
    assert loss.bits_per_byte == pytest.approx(12 * 599 / 1_200, rel=1e-5)
    assert loss.standard_error == pytest.approx(0, abs=1e-5)


def test_each_token_but_the_first_is_predicted_once_in_its_window():
    model = load_checkpoint(ASSETS / "models" / "fable-tiny")
    ids = load_shipped().encode(TEXT.read_text("utf-8"))[:300]
    by_hand = []
    for start in (0, WINDOW):
        window = ids[start : start + WINDOW]
        with torch.inference_mode():
            p = model(torch.tensor([window]))[0].double().softmax(-1)
        by_hand += [
            -math.log(p[i, ids[start + i + 1]])
            for i in range(len(window))
            if start + i + 1 < len(ids)
        ]
    assert len(by_hand) == 299
    mean = sum(by_hand) / 299
    spread = math.sqrt(sum((x - mean) ** 2 for x in by_hand) / 298)
    loss = text_loss(model, ids, n_bytes=1_000)
    assert loss.nats_per_token == pytest.approx(mean, abs=1e-4)
    assert loss.standard_error == pytest.approx(spread / math.sqrt(299), rel=1e-4)


@pytest.mark.parametrize("name", FABLE)
def test_the_committed_record_is_of_the_committed_weights_and_text(name):
    folder = ASSETS / "models" / name
    weights = folder / "model.safetensors"
    made = unseen_text_record(weights, load_checkpoint(folder), load_shipped(), TEXT)
    compare(made, recorded(name))


@real_model
def test_the_real_models_record_is_of_its_package():
    compare(unseen_text_record(PATH, *packaged(), TEXT), recorded("smollm2"))


def compare(made: dict, kept: dict) -> None:
    assert kept["text_sha256"] == hashlib.sha256(TEXT.read_bytes()).hexdigest()
    numbers = ("nats_per_token", "standard_error", "perplexity", "bits_per_byte")
    for number in numbers:
        assert made[number] == pytest.approx(kept[number], rel=0.01)
    same = made.keys() - {*numbers, "command"}
    assert {k: made[k] for k in same} == {k: kept[k] for k in same}
