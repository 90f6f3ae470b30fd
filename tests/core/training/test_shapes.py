"""The shape reader's training: it goes on where it stopped, and what is kept of it."""

import json
from pathlib import Path

import torch

from transformer_core.checkpoints import load_vision_transformer
from transformer_core.drawings import drawings
from transformer_core.training import shapes_card
from transformer_core.training.shapes import Drawings, all_drawings, shapes_run
from transformer_core.training.state import Recipe
from ui.known_models import SHIPPED

FOLDER = Path(__file__).parents[3] / "assets" / "models" / "shape-reader"
RECIPE = Recipe({}, 8 * 8, 8, 8, repeated=0.0)


def test_a_batch_is_a_function_of_its_step():
    drawn = Drawings(32, 5, seed=1)
    pictures, kinds = drawn.batch(3)
    assert pictures.shape == (5, 28, 28, 3)
    assert kinds.shape == (5,)
    assert 0 <= pictures.min() <= pictures.max() <= 1
    assert torch.equal(pictures, drawn.batch(3)[0])
    assert not torch.equal(pictures, drawn.batch(4)[0])


def test_a_run_goes_on_and_is_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(shapes_card, "N_MEASURED", 64)
    shapes_run(RECIPE, 32, tmp_path / "run").train(until=4)
    run = shapes_run(RECIPE, 32, tmp_path / "run")
    assert run.progress.step == 4
    run.train()
    shapes_card.export(run, tmp_path / "model", all_drawings(32), "python -m it", "a machine")
    record = json.loads((tmp_path / "model" / "training.json").read_text("utf-8"))
    assert record["steps"] == 8
    assert record["held_out"]["all"]["pictures"] == 64
    assert record["learnt_from"]["pictures"] == record["pictures"] == 32
    assert "a machine" in (tmp_path / "model" / "README.md").read_text("utf-8")


def test_the_shape_reader_is_small_and_as_its_card_says():
    record = json.loads((FOLDER / "training.json").read_text("utf-8"))
    model = load_vision_transformer(FOLDER)
    assert (FOLDER / "model.safetensors").stat().st_size < 1_000_000
    assert record["parameters"] == sum(each.numel() for each in model.parameters())
    assert (FOLDER / "README.md").read_text("utf-8") == shapes_card.card(FOLDER.name, record)
    assert FOLDER.name not in SHIPPED  # it does not read the reader's sentence
    found = shapes_card.measured(model, *drawings(400, seed=9))["all"]
    said = record["held_out"]["all"]
    assert abs(found["right"] / 400 - said["right"] / said["pictures"]) < 0.06
