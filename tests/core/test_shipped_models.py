"""The models in the repository: whole, as their cards say, and able to do what is claimed."""

import json
from pathlib import Path

import pytest
import torch

from transformer_core.checkpoints import load_checkpoint
from transformer_core.lens.head_roles import (
    ON_REPEATED,
    ON_TEXT,
    ROLES,
    repeated_sequences,
    score_heads,
)
from transformer_core.presets import PRESETS
from transformer_core.shipped_vocabulary import load_shipped
from transformer_core.training.card import model_card
from transformer_core.training.loss_curve import loss_svg
from transformer_core.training.measurements import PROMPT, continuation

MODELS = Path(__file__).parents[2] / "assets" / "models"
CLASSROOM = ("fable-classic", "fable-modern")
SHIPPED = (*CLASSROOM, "fable-tiny")
MEGABYTE = 1_000_000
# The opening of "The Wonderful Wizard of Oz" (L. Frank Baum, 1900), public domain.
TEXT = (
    "Dorothy lived in the midst of the great Kansas prairies, with Uncle Henry, who was a farmer, "
    "and Aunt Em, who was the farmer's wife. Their house was small, for the lumber to build it had "
    "to be carried by wagon many miles. There were four walls, a floor and a roof, which made one "
    "room; and this room contained a rusty looking cookstove, a cupboard for the dishes, a table, "
    "three or four chairs, and the beds."
)

models = pytest.mark.parametrize("name", SHIPPED)
classroom = pytest.mark.parametrize("name", CLASSROOM)


def read(name, file):
    return json.loads((MODELS / name / file).read_text(encoding="utf-8"))


def size(folder):
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def steps():
    return read("fable-tiny", "steps/steps.json")["steps"]


@models
def test_the_model_is_its_preset_in_16_bits(name):
    model = load_checkpoint(MODELS / name)
    assert model.config == PRESETS[name]
    assert model.config.vocab_size == load_shipped().n_vocab
    stored = (MODELS / name / "model.safetensors").stat().st_size
    n_parameters = sum(p.numel() for p in model.parameters())
    assert 2 * n_parameters < stored < 2 * n_parameters + 20_000


@classroom
def test_a_classroom_model_has_the_size_that_was_asked_for(name):
    n_parameters = sum(p.numel() for p in load_checkpoint(MODELS / name).parameters())
    assert 3e6 <= n_parameters <= 12e6
    assert PRESETS[name].context_length >= 256
    assert size(MODELS / name) <= 25 * MEGABYTE


def test_the_steps_fit_their_limits():
    assert 8 <= len(steps()) <= 12
    assert size(MODELS / "fable-tiny") <= 16 * MEGABYTE


@models
def test_the_records_are_complete_and_fit_the_weights(name):
    record = read(name, "training.json")
    config = PRESETS[name]
    assert record["config"] == config.to_dict()
    assert record["parameters"] == sum(
        p.numel() for p in load_checkpoint(MODELS / name).parameters()
    )
    recipe = record["recipe"]
    assert record["tokens_seen"] == record["steps"] * recipe["batch_size"] * config.context_length
    assert record["curve"][-1]["step"] == record["steps"]
    assert record["curve"][-1]["tokens"] == record["tokens_seen"]
    assert record["held_out"].keys() == record["corpus"].keys() == recipe["weights"].keys()
    assert f"--preset {name} " in record["command"]
    assert all(word in record for word in ("seconds", "hardware", "torch"))


@models
def test_the_card_and_the_curve_are_those_of_the_records(name):
    record, roles = read(name, "training.json"), read(name, "head_roles.json")
    card = model_card(name, record, roles, read(name, "unseen_text.json"))
    assert (MODELS / name / "README.md").read_text("utf-8") == card
    assert f"{read(name, 'unseen_text.json')['nats_per_token']} ± " in card
    assert (MODELS / name / "loss.svg").read_text("utf-8") == loss_svg(record)


@models
def test_the_model_has_learnt(name):
    """Held-out loss far below the start, ln 4096 = 8.3; nats and bits fit each other."""
    record = read(name, "training.json")
    assert record["held_out"]["tinystories"]["nats_per_token"] < (2.6 if name in CLASSROOM else 3.2)
    for source, loss in record["held_out"].items():
        part = record["corpus"][source]["held_out"]
        bits = loss["nats_per_token"] / 0.693147 * part["tokens"] / part["bytes"]
        assert loss["bits_per_byte"] == pytest.approx(bits, rel=1e-3)
        assert loss["tokens"] >= 2_000


@models
def test_recorded_scores_are_those_of_the_stored_weights(name):
    record = read(name, "head_roles.json")
    config = PRESETS[name]
    places = [(layer, head) for layer in range(config.n_layers) for head in range(config.n_heads)]
    assert [(h["layer"], h["head"]) for h in record["heads"]] == places
    assert {role: told["meaning"] for role, told in record["roles"].items()} == {
        role: told.meaning for role, told in ROLES.items()
    }
    tokenizer = load_shipped()
    ids = repeated_sequences(tokenizer.n_vocab - 1)
    scores = score_heads(load_checkpoint(MODELS / name), tokenizer, ids, ON_REPEATED)
    for head in record["heads"]:
        assert tuple(head["text"]) == ON_TEXT
        for role in ON_REPEATED:
            found = scores[role][head["layer"], head["head"]].item()
            assert head["repeated"][role] == pytest.approx(found, abs=2e-3)


@classroom
def test_there_is_an_induction_head_and_a_previous_token_head(name):
    """On sequences and on a text that no record was made of."""
    model, tokenizer = load_checkpoint(MODELS / name), load_shipped()
    ids = repeated_sequences(tokenizer.n_vocab - 1, period=48, n_sequences=8, seed=11)
    assert score_heads(model, tokenizer, ids, ("induction",))["induction"].max() >= 0.3
    text = torch.tensor([tokenizer.encode(TEXT)])
    assert score_heads(model, tokenizer, text, ("previous_token",))["previous_token"].max() >= 0.5


@classroom
def test_the_model_copies_a_repeated_passage(name):
    """What induction is for: a repeated passage costs far less the second time."""
    model = load_checkpoint(MODELS / name)
    ids = repeated_sequences(load_shipped().n_vocab - 1, period=48, n_sequences=8, seed=12)
    logits = model(ids[:, :-1])
    losses = torch.nn.functional.cross_entropy(logits.mT, ids[:, 1:], reduction="none").mean(0)
    assert losses[48:].mean() < 0.6 * losses[:47].mean()


@models
def test_the_greedy_continuation_is_the_recorded_one(name):
    model = load_checkpoint(MODELS / name)
    text = continuation(model, PROMPT, 0.0, seed=1, n_tokens=60)
    assert text == continuation(model, PROMPT, 0.0, seed=2, n_tokens=60)
    recorded = next(s for s in read(name, "training.json")["samples"] if not s["temperature"])
    assert recorded["text"].startswith(text[: len(PROMPT) + 20])
    for sample in read(name, "training.json")["samples"]:
        assert sample["text"].startswith(PROMPT)
        assert "\ufffd" not in sample["text"]
        assert len(sample["text"].split()) > 20


def test_the_steps_tell_how_the_tiny_model_learnt():
    entries = steps()
    assert entries[0]["step"] == 0
    assert entries[-1]["folder"] == "."
    assert entries[-1]["step"] == read("fable-tiny", "training.json")["steps"]
    numbers = [entry["step"] for entry in entries]
    assert numbers == sorted(set(numbers))
    losses = [entry["held_out"]["tinystories"]["nats_per_token"] for entry in entries]
    assert losses == sorted(losses, reverse=True)
    config = PRESETS["fable-tiny"]
    for entry in entries:
        model = load_checkpoint(MODELS / "fable-tiny" / entry["folder"])
        assert model.config == config
        assert len(entry["heads"]) == config.n_layers * config.n_heads
        assert entry["sample"].startswith(PROMPT)


def test_the_first_step_knows_nothing_yet():
    loss = steps()[0]["held_out"]["tinystories"]["nats_per_token"]
    assert loss == pytest.approx(torch.tensor(4096.0).log().item(), abs=0.2)
