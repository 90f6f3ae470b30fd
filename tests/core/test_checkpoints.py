"""Models survive their files; a bad file is refused with a sentence that helps."""

import json
import math
import os
import stat
import weakref

import pytest
import torch
from safetensors.torch import load_file, save_file

from tests.core.variants import config, filled, token_ids
from transformer_core import checkpoints, free_memory
from transformer_core.checkpoints import CheckpointError, load_checkpoint, save_checkpoint
from transformer_core.config import POSITION_NAMES
from transformer_core.transformer import Transformer


@pytest.fixture
def folder(tmp_path):
    save_checkpoint(filled(Transformer(config(position="rope", n_kv_heads=2))), tmp_path)
    return tmp_path


@pytest.mark.parametrize("tied", [True, False])
@pytest.mark.parametrize("position", POSITION_NAMES)
def test_a_model_survives(tmp_path, position, tied):
    model = filled(Transformer(config(position=position, tied_embeddings=tied)))
    save_checkpoint(model, tmp_path / "new" / "folder", torch.float32)
    loaded = load_checkpoint(tmp_path / "new" / "folder")
    assert loaded.config == model.config
    assert torch.equal(loaded(token_ids(2, 7)), model(token_ids(2, 7)))


def test_half_precision_on_disk_is_float32_in_memory(folder):
    assert {t.dtype for t in load_file(folder / "model.safetensors").values()} == {torch.float16}
    model = load_checkpoint(folder)
    assert {p.dtype for p in model.parameters()} == {torch.float32}
    assert not any(p.requires_grad for p in model.parameters())
    assert not model.training


def test_half_precision_costs_little(folder):
    exact = filled(Transformer(config(position="rope", n_kv_heads=2)))
    difference = load_checkpoint(folder)(token_ids(2, 7)) - exact(token_ids(2, 7))
    assert 0 < difference.abs().max() < 0.05


def test_saving_replaces_and_leaves_nothing_behind(folder):
    save_checkpoint(filled(Transformer(config()), seed=1), folder)
    assert load_checkpoint(folder).config == config()
    assert sorted(path.name for path in folder.iterdir()) == ["config.json", "model.safetensors"]


def test_other_users_may_read_what_the_umask_allows(folder):
    umask = os.umask(0)
    os.umask(umask)
    for path in folder.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o666 & ~umask


def test_a_failed_save_keeps_the_old_model(folder, monkeypatch):
    before = (folder / "model.safetensors").read_bytes()
    monkeypatch.setattr(os, "replace", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        save_checkpoint(filled(Transformer(config()), seed=1), folder)
    assert (folder / "model.safetensors").read_bytes() == before
    assert sorted(path.name for path in folder.iterdir()) == ["config.json", "model.safetensors"]


@pytest.mark.parametrize("bad", [float("nan"), 1e6])
def test_a_diverged_model_is_not_saved(tmp_path, bad):
    model = filled(Transformer(config()))
    model.embedding[0, 0] = bad
    with pytest.raises(CheckpointError, match="embedding holds infinite or undefined"):
        save_checkpoint(model, tmp_path)
    assert not list(tmp_path.iterdir())


def edit_weights(folder, edit):
    weights = load_file(folder / "model.safetensors")
    edit(weights)
    save_file(weights, folder / "model.safetensors")


def truncate(folder):
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-100])


def cut_weight(folder):
    edit_weights(folder, lambda w: w.update(embedding=w["embedding"][:, :8].contiguous()))


def change_config(folder, **changes):
    path = folder / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


DAMAGE = {
    "no weights": (lambda f: (f / "model.safetensors").unlink(), "model.safetensors is missing"),
    "no config": (lambda f: (f / "config.json").unlink(), "config.json cannot be read"),
    "truncated": (truncate, "model.safetensors is truncated"),
    "empty": (lambda f: (f / "model.safetensors").write_bytes(b""), "is truncated"),
    "another kind": (lambda f: (f / "model.safetensors").write_text("PK" * 99), "no safetensors"),
    "damaged JSON": (lambda f: (f / "config.json").write_text('{"d_model": '), "not valid JSON"),
    "bytes for JSON": (lambda f: (f / "config.json").write_bytes(b"\xff\xfe"), "not valid JSON"),
    "a list for JSON": (lambda f: (f / "config.json").write_text("[]"), "no JSON object"),
    "foreign config": (
        lambda f: (f / "config.json").write_text('{"n_embd": 768}'),
        "describes no model: unknown field 'n_embd'",
    ),
    "impossible config": (lambda f: change_config(f, n_heads=5), "n_heads = 5 does not divide"),
    "other config": (lambda f: change_config(f, n_layers=3), "lacks the weight blocks.2"),
    "fewer layers": (lambda f: change_config(f, n_layers=1), "holds 'blocks.1"),
    "wrong shape": (cut_weight, r"embedding has the shape \[19, 8\].*asks for \[19, 16\]"),
    "lost weight": (lambda f: edit_weights(f, lambda w: w.pop("embedding")), "lacks the weight"),
    "not a number": (
        lambda f: edit_weights(f, lambda w: w["embedding"].fill_(torch.nan)),
        "embedding holds infinite or undefined numbers",
    ),
    "whole numbers": (
        lambda f: edit_weights(f, lambda w: w.update(embedding=w["embedding"].int())),
        "embedding is stored as int32; weights are floating-point",
    ),
    "larger than any machine": (lambda f: change_config(f, vocab_size=10**15), "too large"),
    "deeper than any model": (
        lambda f: change_config(f, n_layers=10**12),
        "lacks weights of 1000000000000 layers",
    ),
}


@pytest.mark.parametrize(("damage", "message"), DAMAGE.values(), ids=DAMAGE)
def test_damage_is_told_in_a_sentence(folder, damage, message):
    damage(folder)
    with pytest.raises(CheckpointError, match=message) as error:
        load_checkpoint(folder)
    assert str(folder) not in str(error.value)


def test_a_model_larger_than_the_free_memory_is_refused_before_it_is_read(folder, monkeypatch):
    monkeypatch.setattr(checkpoints, "free_memory", lambda: 10_000)
    monkeypatch.setattr(checkpoints, "Transformer", lambda _: pytest.fail("was made"))
    with pytest.raises(
        CheckpointError, match=r"needs 0\.0 GB of memory, of which 0\.0 GB are free"
    ):
        load_checkpoint(folder)


def test_free_memory_is_what_the_machine_and_the_container_leave(tmp_path, monkeypatch):
    monkeypatch.setattr(free_memory, "ROOT", tmp_path)
    assert free_memory.free_memory() == math.inf
    (tmp_path / "proc").mkdir()
    (tmp_path / "proc/meminfo").write_text("MemTotal: 99 kB\nMemAvailable:   50 kB\n")
    assert free_memory.free_memory() == 50 * 1024
    group = tmp_path / "sys/fs/cgroup"
    group.mkdir(parents=True)
    (group / "memory.max").write_text("max\n")
    (group / "memory.current").write_text("30000\n")
    (group / "memory.stat").write_text("anon 20000\ninactive_file 4000\n")
    assert free_memory.free_memory() == 50 * 1024
    (group / "memory.max").write_text("40000\n")
    assert free_memory.free_memory() == 14_000


def test_one_weight_is_read_at_a_time(folder, monkeypatch):
    held, most = [], []
    read = checkpoints._numbers

    def watched(*arguments):
        most.append(sum(reference() is not None for reference in held))
        numbers = read(*arguments)
        held.append(weakref.ref(numbers))
        return numbers

    monkeypatch.setattr(checkpoints, "_numbers", watched)
    load_checkpoint(folder)
    assert len(held) > 10
    assert max(most) <= 1


def test_a_missing_folder_is_told(tmp_path):
    with pytest.raises(CheckpointError, match=r"config\.json cannot be read.*train the model"):
        load_checkpoint(tmp_path / "nowhere")
