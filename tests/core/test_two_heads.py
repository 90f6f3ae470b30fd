"""A pattern read twice: targets by hand, ablation against edited weights, the shipped training."""

import json
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F

from transformer_core.characters import CHARACTERS, WITH_INK, encode
from transformer_core.checkpoints import load_checkpoint
from transformer_core.config import TransformerConfig
from transformer_core.lens.two_heads import (
    after_the_copy,
    matches_if_unread,
    one_back,
    read_twice,
)
from transformer_core.transformer import Transformer

FOLDER = Path("assets/models/copying")
CONFIG = TransformerConfig(
    **{"vocab_size": 9, "context_length": 8, "d_model": 16, "n_layers": 2, "n_heads": 2},
    **{"n_kv_heads": 2, "d_ff": 16, "position": "rope", "norm": "rms_norm", "bias": False},
)


def test_targets_by_hand():
    assert one_back(3).tolist() == [[0, 0, 0], [1, 0, 0], [0, 1, 0]]
    found = after_the_copy(2)  # a b a b: the second a looks at b, the second b at a
    assert found.nonzero().tolist() == [[2, 1], [3, 2]]


def test_an_ablated_head_is_one_whose_rows_of_w_o_are_zero():
    torch.manual_seed(0)
    model = Transformer(CONFIG).eval().requires_grad_(False)
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=0.5)
    ids = torch.tensor([[1, 2, 3, 1, 2, 3], [4, 5, 6, 4, 5, 6]])
    read = read_twice(model, ids, without=((0, 1),))
    model.blocks[0].attention.out_proj.weight[8:16] = 0
    logits = model(ids)
    losses = F.cross_entropy(logits[:, :-1].flatten(0, 1), ids[:, 1:].flatten(), reduction="none")
    torch.testing.assert_close(read.losses.flatten(), losses, atol=1e-4, rtol=1e-4)
    torch.testing.assert_close(read.second_copy, losses.view(2, 5)[:, 3:].mean())
    torch.testing.assert_close(read.first_copy, losses.view(2, 5)[:, :2].mean())
    weights = model.trace(ids).blocks[1].attention.weights
    matches = torch.stack([weights[:, :, i, i - 2] for i in (3, 4, 5)]).mean((0, 1))
    torch.testing.assert_close(read.matches[1], matches, atol=1e-4, rtol=1e-4)
    back = torch.stack([weights[:, :, i, i - 1] for i in range(1, 6)]).mean((0, 1))
    torch.testing.assert_close(read.looks_back[1], back, atol=1e-4, rtol=1e-4)


def test_what_is_read_by_neither_side_is_ablated_for_the_weights():
    torch.manual_seed(0)
    model = Transformer(CONFIG).eval().requires_grad_(False)
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=0.5)
    ids = torch.tensor([[1, 2, 3, 1, 2, 3]])
    found = matches_if_unread(model, ids, (0, 1), "qk")
    torch.testing.assert_close(found, read_twice(model, ids, ((0, 1),)).matches[1])
    whole = matches_if_unread(model, ids, (0, 1), "")
    torch.testing.assert_close(whole, read_twice(model, ids).matches[1])


def test_the_vocabulary_is_ascii_that_can_be_printed():
    assert len(CHARACTERS) == len(set(CHARACTERS)) == 96
    assert encode(CHARACTERS) == list(range(96))
    assert "".join(CHARACTERS[i] for i in WITH_INK).strip() == CHARACTERS[1:95]
    with pytest.raises(ValueError, match="“é”"):
        encode("café")


def test_the_shipped_snapshots_are_small_and_whole():
    record = json.loads((FOLDER / "training.json").read_text("utf-8"))
    folders = sorted(path.name for path in FOLDER.glob("step_*"))
    assert folders == [f"step_{step:06}" for step in record["snapshots"]]
    weights = [path.stat().st_size for path in FOLDER.rglob("*.safetensors")]
    assert max(weights) < 150_000
    assert sum(weights) < 2_500_000


def test_the_circuit_forms_and_falls_with_its_first_head():
    """On the patterns of the record's kind, with the weights as they are stored."""
    random = torch.Generator().manual_seed(1)
    rows = [torch.tensor(WITH_INK)[torch.randperm(94, generator=random)[:16]] for _ in range(16)]
    ids = torch.stack(rows).repeat(1, 2)
    record = json.loads((FOLDER / "training.json").read_text("utf-8"))
    looks = {look["step"]: look for look in record["looks"]}
    for step in (0, 200, 1200):
        read = read_twice(load_checkpoint(FOLDER / f"step_{step:06}"), ids)
        assert float(read.second_copy) == pytest.approx(looks[step]["second_copy"], abs=0.3)
    end = load_checkpoint(FOLDER / "step_001200")
    whole = read_twice(end, ids)
    previous, induction = int(whole.looks_back[0].argmax()), int(whole.matches[1].argmax())
    assert float(whole.matches[1, induction]) > 0.9
    without = read_twice(end, ids, ((0, previous),))
    assert float(without.matches[1, induction]) < 0.15
    assert float(without.second_copy) > 10 * float(whole.second_copy)
    keys = matches_if_unread(end, ids, (0, previous), "k")
    queries = matches_if_unread(end, ids, (0, previous), "q")
    assert float(keys[induction]) < 0.2
    assert float(queries[induction]) > 0.8
    for other in {*range(4)} - {previous}:
        left = read_twice(end, ids, ((0, other),))
        assert float(left.matches[1, induction]) > 0.8
