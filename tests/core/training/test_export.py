"""What a run leaves behind: weights, measurements and a card that agree with each other."""

import json
import xml.etree.ElementTree as ElementTree
from dataclasses import replace

import numpy as np
import pytest
import torch

from transformer_core.checkpoints import load_checkpoint
from transformer_core.config import TransformerConfig
from transformer_core.lens.head_roles import ON_REPEATED, ON_TEXT, ROLES
from transformer_core.presets import PRESETS
from transformer_core.shipped_vocabulary import load_shipped
from transformer_core.training import export as export_module
from transformer_core.training.card import model_card
from transformer_core.training.corpus import prepare, read_index
from transformer_core.training.evaluation import held_out_loss
from transformer_core.training.export import (
    Told,
    command,
    export,
    export_steps,
    read_run,
    stages,
)
from transformer_core.training.measurements import PROMPT, continuation, held_out_windows
from transformer_core.training.state import STATE, Recipe, TrainingError
from transformer_core.training.text_run import text_run
from transformer_core.transformer import Transformer

CONFIG = TransformerConfig(
    vocab_size=4096, context_length=64, d_model=16, n_layers=2, n_heads=2, n_kv_heads=1, d_ff=32
)
PER_STEP = 4 * CONFIG.context_length
RECIPE = Recipe(
    weights={"tinystories": 0.7, "tinyshakespeare": 0.3},
    tokens=20 * PER_STEP,
    batch_size=4,
    micro_batch_size=2,
)
WORDS = ["cat", "dog", "sun", "tree", "ran", "saw", "big", "red", "and", "the"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A corpus, a finished run of 20 steps with snapshots at 0, 5 and 10, and its export."""
    folder = tmp_path_factory.mktemp("export")
    random = np.random.default_rng(0)
    stories = [f"Story {i} began. {' '.join(random.choice(WORDS, 60))}." for i in range(500)]
    (folder / "tinystories.txt").write_text("\n<|endoftext|>\n".join(stories))
    (folder / "tinyshakespeare.txt").write_text("\n\n".join(f"KING:\nSay {i}" for i in range(400)))
    prepare(folder, folder / "tokens", processes=1)
    run = text_run(CONFIG, RECIPE, folder / "tokens", folder / "run", False, snapshots=(0, 5, 10))
    run.train(evaluate_every=10)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(PRESETS, "smallest", CONFIG)
        told = Told("a test machine", "A remark.")
        export(folder / "run", folder / "tokens", folder / "smallest", told)
        export_steps(folder / "run", folder / "tokens", folder / "smallest", [0, 5, 10])
    return folder


@pytest.fixture(scope="module")
def record(folder):
    return json.loads((folder / "smallest" / "training.json").read_text())


def test_weights_are_the_run_s_own_in_half_precision(folder):
    exported = load_checkpoint(folder / "smallest").state_dict()
    trained = read_run(folder / "run" / STATE).model.state_dict()
    assert exported.keys() == trained.keys()
    assert all(torch.equal(exported[name], trained[name].half().float()) for name in trained)


def test_losses_and_samples_are_those_of_the_stored_weights(folder, record):
    model = load_checkpoint(folder / "smallest")
    assert record["held_out"].keys() == read_index(folder / "tokens")["sources"].keys()
    for source, loss in record["held_out"].items():
        found = held_out_loss(model, folder / "tokens", source)
        assert loss["nats_per_token"] == pytest.approx(found.nats_per_token, abs=1e-4)
        assert loss["bits_per_byte"] == pytest.approx(found.bits_per_byte, abs=1e-4)
        assert loss["tokens"] == found.tokens
    for sample in record["samples"]:
        assert sample["text"].startswith(PROMPT)
        again = continuation(model, PROMPT, sample["temperature"], sample["seed"])
        assert sample["text"] == again


def test_training_record(record):
    assert record["steps"] == 20
    assert record["tokens_seen"] == 20 * PER_STEP
    assert record["parameters"] == sum(p.numel() for p in Transformer(CONFIG).parameters())
    assert [point["step"] for point in record["curve"]] == [10, 20]
    assert [point["step"] for point in record["held_out_curve"]] == [10, 20]
    assert record["command"] == (
        "python -m transformer_core.training TOKENS_FOLDER --preset smallest --out RUN_FOLDER "
        f"--tokens {20 * PER_STEP} --batch-size 4 --micro-batch-size 2"
    )


def test_head_roles_of_all_heads(folder):
    roles = json.loads((folder / "smallest" / "head_roles.json").read_text())
    assert [(h["layer"], h["head"]) for h in roles["heads"]] == [(0, 0), (0, 1), (1, 0), (1, 1)]
    for head in roles["heads"]:
        assert tuple(head["repeated"]) == ON_REPEATED
        assert tuple(head["text"]) == ON_TEXT
    assert 0 < roles["chance"]["repeated"]["induction"] < 0.1


def test_the_card_tells_what_was_recorded(folder, record):
    card = (folder / "smallest" / "README.md").read_text()
    assert card.startswith("# smallest\n")
    for words in ("CDLA-Sharing-1.0", "public domain", "A remark.", "a test machine", PROMPT):
        assert words in card
    assert record["command"] in card
    assert f"{record['tokens_seen']:,} tokens in 20 steps" in card
    for source, loss in record["held_out"].items():
        assert f"| {source} | {loss['nats_per_token']:.3f} | {loss['bits_per_byte']:.3f} |" in card
    assert "repeat themselves: 10%." in card
    assert "where a head attends (prefix matching)" in card
    assert all(f"- {role.title}: {role.meaning}.\n" in card for role in ROLES.values())


def test_the_curve_is_drawn_from_the_record(folder, record):
    root = ElementTree.fromstring((folder / "smallest" / "loss.svg").read_text())
    lines = [e for e in root.iter() if e.tag.endswith("polyline")]
    assert [len(line.get("points").split()) for line in lines] == [2, 2, 2]
    heights = [float(p.split(",")[1]) for p in lines[0].get("points").split()]
    losses = [point["loss"] for point in record["curve"]]
    assert (heights[0] < heights[1]) == (losses[0] > losses[1])
    labels = {e.text for e in root.iter() if e.tag.endswith("text")}
    assert {"training", "tinystories", "tinyshakespeare"} <= labels


def test_steps_from_the_start_to_the_final_model(folder):
    model_folder = folder / "smallest"
    steps = json.loads((model_folder / "steps" / "steps.json").read_text())["steps"]
    assert [s["step"] for s in steps] == [0, 5, 10, 20]
    assert [s["tokens_seen"] for s in steps] == [s["step"] * PER_STEP for s in steps]
    assert [s["folder"] for s in steps] == [*(f"steps/step_{n:06}" for n in (0, 5, 10)), "."]
    fresh = Transformer(CONFIG)
    fresh.initialise(RECIPE.seed)
    start = load_checkpoint(model_folder / steps[0]["folder"])
    assert torch.equal(start.embedding, fresh.embedding.half().float())
    for entry in steps:
        model = load_checkpoint(model_folder / entry["folder"])
        found = held_out_loss(model, folder / "tokens", "tinystories", 16_384).nats_per_token
        assert entry["held_out"]["tinystories"]["nats_per_token"] == pytest.approx(found, abs=1e-4)
        assert len(entry["heads"]) == 4
        assert entry["sample"] == continuation(model, PROMPT, 0.0, seed=1, n_tokens=60)
    losses = [s["held_out"]["tinystories"]["nats_per_token"] for s in steps]
    assert losses[-1] < losses[0]


def test_a_share_that_changed_on_the_way_is_told(record, folder):
    roles = json.loads((folder / "smallest" / "head_roles.json").read_text())
    parts = [{"until_step": 5, "repeated": 0.3}, {"until_step": 20, "repeated": 0.1}]
    card = model_card("smallest", record | {"stages": parts}, roles)
    assert "repeat themselves: 30% up to step 5, 10% from then on." in card
    assert f"{record['command']} --repeated 0.3  # stop it after step 5\n" in card
    assert f"\n{record['command']}\n" in card


def test_stages_of_a_run(folder):
    run = read_run(folder / "run" / STATE)
    assert stages(run, ("5:0.3",)) == [
        {"until_step": 5, "repeated": 0.3},
        {"until_step": 20, "repeated": 0.1},
    ]
    with pytest.raises(TrainingError, match="STEP:SHARE"):
        stages(run, ("five",))


def test_windows_come_from_held_out_text(folder):
    windows = held_out_windows(folder / "tokens", CONFIG, n_windows=3)
    assert windows.shape == (6, 64)
    shakespeare, stories = (load_shipped().decode(w.flatten().tolist()) for w in windows.chunk(2))
    assert "KING" in shakespeare
    assert "Story" in stories


def test_continuations_follow_temperature_and_seed(folder):
    model = load_checkpoint(folder / "smallest")
    greedy = continuation(model, PROMPT, 0.0, seed=1, n_tokens=10)
    assert greedy == continuation(model, PROMPT, 0.0, seed=2, n_tokens=10)
    one = continuation(model, PROMPT, 1.0, seed=1, n_tokens=10)
    assert one == continuation(model, PROMPT, 1.0, seed=1, n_tokens=10)
    assert one != continuation(model, PROMPT, 1.0, seed=2, n_tokens=10)
    tokenizer = load_shipped()
    ids = tokenizer.encode(PROMPT)
    for _ in range(10):
        ids.append(int(model(torch.tensor([ids]))[0, -1].argmax()))
    assert greedy == tokenizer.decode(ids)


def test_a_continuation_stops_at_the_context_s_end(folder):
    model = load_checkpoint(folder / "smallest")
    texts = [continuation(model, PROMPT, 2.0, seed=3, n_tokens=n) for n in (20, 1000)]
    room = CONFIG.context_length - len(load_shipped().encode(PROMPT))
    assert texts[1] == continuation(model, PROMPT, 2.0, seed=3, n_tokens=room)
    assert texts[1].startswith(texts[0][:-5])


def test_a_run_of_another_config_has_no_command(folder):
    with pytest.raises(TrainingError, match="no preset"):
        command(read_run(folder / "run" / STATE))
    odd = read_run(folder / "run" / STATE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(PRESETS, "smallest", CONFIG)
        changed = replace(odd, recipe=replace(odd.recipe, learning_rate=0.01, seed=7))
        assert command(changed).endswith("--learning-rate 0.01 --seed 7")


@pytest.mark.parametrize("missing", ["run", "tokens"])
def test_what_is_missing_is_one_sentence(folder, tmp_path, monkeypatch, capsys, missing):
    places = {"run": folder / "run", "tokens": folder / "tokens"} | {missing: tmp_path / "none"}
    arguments = [str(places["run"]), str(places["tokens"]), "--out", str(tmp_path / "out")]
    monkeypatch.setitem(PRESETS, "smallest", CONFIG)
    monkeypatch.setattr("sys.argv", ["export", *arguments])
    with pytest.raises(SystemExit):
        export_module.main()
    message = capsys.readouterr().err
    assert str(tmp_path / "none") in message
    assert "Traceback" not in message
    assert not (tmp_path / "out").exists()
