"""The training loop: resumable to the bit, safe on a full disk, clear when it cannot go on."""

import errno
import json
import logging
import math
import multiprocessing
import os
import socket
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file

from transformer_core.config import TransformerConfig
from transformer_core.presets import PRESETS
from transformer_core.training import __main__ as command_line
from transformer_core.training import precision
from transformer_core.training import state as state_file
from transformer_core.training.corpus import held_out, prepare
from transformer_core.training.evaluation import held_out_loss
from transformer_core.training.optimizer import Optimizer, warmup_stable_decay
from transformer_core.training.precision import AttentionInFloat32
from transformer_core.training.state import STATE, Recipe, TrainingError
from transformer_core.training.text_run import text_run
from transformer_core.transformer import Transformer

CONFIG = TransformerConfig(
    vocab_size=4096, context_length=32, d_model=16, n_layers=2, n_heads=2, n_kv_heads=1, d_ff=32
)
PER_STEP = 4 * CONFIG.context_length
RECIPE = Recipe(
    weights={"tinystories": 0.7, "tinyshakespeare": 0.3},
    tokens=6 * PER_STEP,
    batch_size=4,
    micro_batch_size=2,
)
WORDS = ["cat", "dog", "sun", "tree", "ran", "saw", "big", "red", "and", "the"]


@pytest.fixture(scope="module")
def tokens(tmp_path_factory):
    corpus = tmp_path_factory.mktemp("corpus")
    random = np.random.default_rng(0)
    stories = [f"Story {i} began. {' '.join(random.choice(WORDS, 60))}." for i in range(200)]
    (corpus / "tinystories.txt").write_text("\n<|endoftext|>\n".join(stories))
    (corpus / "tinyshakespeare.txt").write_text("\n\n".join(f"KING:\nSay {i}" for i in range(400)))
    prepare(corpus, corpus / "tokens", processes=1)
    return corpus / "tokens"


@pytest.fixture
def start(tokens, tmp_path):
    def start(out="run", config=CONFIG, snapshots=(), **changes):
        recipe = replace(RECIPE, **changes)
        return text_run(config, recipe, tokens, tmp_path / out, compiled=False, snapshots=snapshots)

    return start


def stop_at(run, step, monkeypatch):
    """Make a run save after every step and die as by Ctrl-C before the given one."""
    update = run._update

    def update_or_die():
        if run.progress.step == step:
            raise KeyboardInterrupt
        return update()

    monkeypatch.setattr(run, "_update", update_or_die)
    with pytest.raises(KeyboardInterrupt):
        run.train(save_every_s=0)


def same(a, b):
    assert a.keys() == b.keys()
    return all(torch.equal(a[name], b[name]) for name in a)


def test_a_resumed_run_ends_with_the_same_bits(start, tmp_path, monkeypatch):
    start("whole").train()
    stop_at(start("broken"), 3, monkeypatch)
    resumed = start("broken")
    assert resumed.progress.step == 3
    resumed.train()
    whole, broken = load_file(tmp_path / "whole" / STATE), load_file(tmp_path / "broken" / STATE)
    assert same(whole, broken)
    assert any(name.startswith("optimizer.") for name in whole)
    assert resumed.progress.curve[-1] == start("whole").progress.curve[-1]


def test_training_lowers_the_loss_and_records_it(start, tmp_path):
    run = start(tokens=60 * PER_STEP, learning_rate=1e-2)
    run.train(evaluate_every=30)
    curve = run.progress.curve
    losses = [point["loss"] for point in curve if "loss" in point]
    assert losses[0] < math.log(4096) + 0.5
    assert losses[-1] < losses[0] - 1
    assert [point["tokens"] for point in curve if "loss" in point] == [
        step * PER_STEP for step in range(10, 70, 10)
    ]
    assert [p["step"] for p in curve if "held_out.tinystories" in p] == [30, 60]
    with safe_open(tmp_path / "run" / STATE, framework="pt") as state:
        assert json.loads(state.metadata()["progress"])["curve"] == curve


def test_snapshots_hold_the_weights_of_their_steps(start, tmp_path, monkeypatch):
    run = start(snapshots=(0, 2))
    fresh = {name: tensor.clone() for name, tensor in run.model.state_dict().items()}
    stop_at(run, 2, monkeypatch)
    first = load_file(tmp_path / "run" / "step_000000.safetensors")
    assert same(first, {f"model.{name}": tensor for name, tensor in fresh.items()})
    snapshot = load_file(tmp_path / "run" / "step_000002.safetensors")
    state = load_file(tmp_path / "run" / STATE)
    assert same(snapshot, {k: v for k, v in state.items() if k.startswith("model.")})


def test_death_during_a_save_keeps_the_last_good_state(start, tmp_path, monkeypatch):
    stop_at(start(), 2, monkeypatch)
    good = load_file(tmp_path / "run" / STATE)

    def half_a_file(tensors, path, metadata):
        path.write_bytes((tmp_path / "run" / STATE).read_bytes()[:1000])
        raise KeyboardInterrupt

    monkeypatch.setattr(state_file, "save_file", half_a_file)
    with pytest.raises(KeyboardInterrupt):
        start().train(save_every_s=0)
    assert same(good, load_file(tmp_path / "run" / STATE))
    assert start().progress.step == 2


def test_a_full_disk_keeps_the_last_good_state(start, tmp_path, monkeypatch):
    stop_at(start(), 2, monkeypatch)
    good = (tmp_path / "run" / STATE).read_bytes()

    def no_space(tensors, path, metadata):
        path.write_bytes(b"some")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(state_file, "save_file", no_space)
    with pytest.raises(TrainingError, match=r"No space left.*last good state is kept"):
        start().train(save_every_s=0)
    assert [path.name for path in (tmp_path / "run").iterdir()] == [STATE]
    assert (tmp_path / "run" / STATE).read_bytes() == good


def test_other_settings_are_refused_and_named(start):
    start().train()
    with pytest.raises(TrainingError, match=r"learning_rate 0.004 there, 0.01 here"):
        start(learning_rate=1e-2)
    with pytest.raises(TrainingError, match=r"d_ff 32 there, 48 here"):
        start(config=replace(CONFIG, d_ff=48))


def test_the_share_of_repeated_passages_may_change(start, tmp_path):
    start().train()
    start(tokens=8 * PER_STEP, repeated=0.5).train()
    recorded = state_file.read_state(tmp_path / "run" / STATE)
    assert recorded.progress.step == 8
    assert recorded.settings["recipe"]["repeated"] == 0.5


def test_the_length_of_a_run_may_change(start):
    start().train()
    longer = start(tokens=8 * PER_STEP)
    longer.train()
    assert longer.progress.step == 8
    shorter = start(tokens=5 * PER_STEP)
    shorter.train()
    assert shorter.progress.step == 8


def test_an_infinite_loss_stops_the_run_and_keeps_the_state(start, tmp_path, monkeypatch):
    stop_at(start(), 2, monkeypatch)
    good = (tmp_path / "run" / STATE).read_bytes()
    run = start()
    run.model.embedding.data[:] = math.nan
    with pytest.raises(TrainingError, match=r"loss is nan at step 2.*--learning-rate"):
        run.train(save_every_s=0)
    assert (tmp_path / "run" / STATE).read_bytes() == good


@pytest.mark.parametrize("damage", ["cut", "nonsense", "empty", "foreign", "lacking"])
def test_a_damaged_state_is_named(start, tmp_path, damage):
    start(tokens=PER_STEP).train()
    path = tmp_path / "run" / STATE
    whole = path.read_bytes()
    contents = {"cut": whole[: len(whole) // 2], "nonsense": b"{" * 500, "empty": b""}
    if damage in contents:
        path.write_bytes(contents[damage])
    else:
        with safe_open(path, framework="pt") as state:
            metadata = state.metadata()
        tensors = load_file(path)
        tensors.pop("model.embedding")
        state_file.save_file(tensors, path, metadata if damage == "lacking" else None)
    with pytest.raises(TrainingError, match=r"state\.safetensors is damaged"):
        start()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"tokens": 0}, "tokens is 0"),
        ({"batch_size": 5}, r"batch_size is 5.*micro_batch_size 2"),
        ({"micro_batch_size": 0}, "micro_batch_size is 0"),
        ({"learning_rate": -1.0}, "learning_rate is -1.0"),
        ({"repeated": 1.5}, "repeated is 1.5"),
        ({"weight_decay": -0.1}, "weight_decay is -0.1"),
    ],
)
def test_settings_that_cannot_be_are_refused(start, changes, sentence):
    with pytest.raises(TrainingError, match=sentence):
        start(**changes)


def _worker(rank, port, tokens, out):
    os.environ |= {"RANK": str(rank), "WORLD_SIZE": "2"}
    os.environ |= {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port)}
    logging.disable()
    text_run(CONFIG, replace(RECIPE, tokens=3 * PER_STEP), tokens, out, compiled=False).train()


def test_two_processes_do_what_one_does(start, tokens, tmp_path):
    start("one", tokens=3 * PER_STEP).train()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    fork = multiprocessing.get_context("fork")
    workers = [
        fork.Process(target=_worker, args=(rank, port, tokens, tmp_path / "two"))
        for rank in range(2)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0, 0]
    one, two = load_file(tmp_path / "one" / STATE), load_file(tmp_path / "two" / STATE)
    assert one.keys() == two.keys()
    for name in one:
        torch.testing.assert_close(one[name], two[name], rtol=1e-4, atol=1e-6)


def test_more_processes_than_parts_of_a_batch_are_refused(start, monkeypatch):
    monkeypatch.setenv("WORLD_SIZE", "3")
    with pytest.raises(TrainingError, match="3 processes"):
        start()


def model_with_gradients(seed):
    model = Transformer(CONFIG)
    model.initialise(seed)
    give_gradients(model, 0)
    return model


def give_gradients(model, seed):
    generator = torch.Generator().manual_seed(seed)
    for parameter in model.parameters():
        parameter.grad = torch.randn(parameter.shape, generator=generator)


def test_the_optimizer_goes_on_from_its_state():
    a, b = model_with_gradients(1), model_with_gradients(2)
    recipe = replace(RECIPE, learning_rate=1e-2, weight_decay=0.1)
    first, second = Optimizer(a, recipe), Optimizer(b, recipe)
    first.step(1.0)
    b.load_state_dict(a.state_dict())
    second.load_state({name: tensor.clone() for name, tensor in first.state().items()})
    assert same(first.state(), second.state())
    for model, optimizer in ((a, first), (b, second)):
        give_gradients(model, 7)
        optimizer.step(0.5)
    assert same(a.state_dict(), b.state_dict())


def test_muon_moves_matrices_of_blocks_and_adamw_the_rest():
    model = model_with_gradients(1)
    optimizer = Optimizer(model, replace(RECIPE, learning_rate=1e-2, weight_decay=0.0))
    before = {name: p.detach().clone() for name, p in model.named_parameters()}
    optimizer.step(1.0)
    moved = {name: p.detach() - before[name] for name, p in model.named_parameters()}
    assert sum(p.numel() for p in model.parameters()) == sum(map(torch.numel, moved.values()))
    # AdamW's first step is the learning rate everywhere; Muon's singular values are alike.
    assert moved["embedding"].abs().amax().item() == pytest.approx(1e-2, rel=1e-3)
    assert moved["embedding"].abs().amin().item() == pytest.approx(1e-2, rel=0.1)
    singular = torch.linalg.svdvals(moved["blocks.0.feed_forward.up_proj.weight"])
    assert singular.max() / singular.min() < 2.5
    assert all(p.grad is None for p in model.parameters())


def test_values_of_the_schedule():
    assert warmup_stable_decay(0.0) == pytest.approx(0.05)
    assert warmup_stable_decay(0.009) == pytest.approx(0.5)
    assert warmup_stable_decay(0.02) == warmup_stable_decay(0.3) == 1.0
    assert warmup_stable_decay(0.6) == pytest.approx(1.0)
    assert warmup_stable_decay(0.8) == pytest.approx(0.5)
    assert warmup_stable_decay(0.999) == warmup_stable_decay(1.0) == 0.01
    tail = [warmup_stable_decay(i / 100) for i in range(60, 101)]
    assert all(a >= b for a, b in pairwise(tail))


@pytest.mark.parametrize("limit", [100_000, 70])
def test_held_out_loss_equals_an_independent_cross_entropy(tokens, limit):
    model = Transformer(CONFIG)
    model.initialise(1)
    part = held_out(tokens, "tinyshakespeare")
    ids = part.tokens.astype(np.int64)[: limit + 1]
    losses = []
    for start in range(0, len(ids) - 1, 32):
        window = ids[start : start + 33]
        logits = model(torch.from_numpy(window[None, :-1]))[0].detach().double().numpy()
        shares = np.exp(logits) / np.exp(logits).sum(-1, keepdims=True)
        losses += [-math.log(shares[i, token]) for i, token in enumerate(window[1:])]
    found = held_out_loss(model, tokens, "tinyshakespeare", limit)
    assert found.tokens == len(losses) == len(ids) - 1
    assert found.nats_per_token == pytest.approx(np.mean(losses), rel=1e-5)
    bits = np.mean(losses) / math.log(2) * len(part.tokens) / part.n_bytes
    assert found.bits_per_byte == pytest.approx(bits, rel=1e-5)


def test_attention_stays_in_float32_inside_autocast():
    q = torch.randn(1, 2, 8, 4)
    sdpa = torch.nn.functional.scaled_dot_product_attention
    with torch.autocast("cpu", torch.bfloat16):
        assert sdpa(q, q, q).dtype == torch.bfloat16
        with AttentionInFloat32():
            halves = sdpa(q.bfloat16(), q.bfloat16(), q.bfloat16(), is_causal=True)
            assert (q @ q.mT).dtype == torch.bfloat16
    assert halves.dtype == torch.float32
    rounded = q.bfloat16().float()
    assert torch.equal(halves, sdpa(rounded, rounded, rounded, is_causal=True))


@pytest.mark.parametrize("fast", [True, False])
def test_products_are_in_bfloat16_only_where_a_cpu_computes_them_fast(monkeypatch, fast):
    monkeypatch.setattr(precision, "CPU_HAS_BFLOAT16", fast)
    device, q = torch.device("cpu"), torch.randn(1, 2, 8, 4)
    sdpa = torch.nn.functional.scaled_dot_product_attention
    with precision.mixed_precision(device):
        assert (q @ q.mT).dtype == (torch.bfloat16 if fast else torch.float32)
        assert sdpa(q, q, q).dtype == torch.float32
    with precision.muon_precision(device):
        copied = q.bfloat16()
    assert copied.dtype == (torch.bfloat16 if fast else torch.float32)
    copied.zero_()  # as Muon may do with what it asked for
    assert q.abs().min() > 0


def test_muon_s_step_is_nearly_the_same_in_either_precision(monkeypatch):
    moved = []
    for fast in (True, False):
        monkeypatch.setattr(precision, "CPU_HAS_BFLOAT16", fast)
        model = Transformer(CONFIG)
        model.initialise(1)
        start = [p.detach().clone() for p in model.parameters()]
        recipe = Recipe(weights={}, tokens=1, learning_rate=1e-2, weight_decay=0.0)
        optimizer = Optimizer(model, recipe)
        ids = torch.arange(32).view(2, 16)
        model(ids).square().mean().backward()
        optimizer.step(1.0)
        moved.append([p - was for p, was in zip(model.parameters(), start, strict=True)])
    for low, full in zip(*moved, strict=True):
        torch.testing.assert_close(low, full, rtol=0, atol=2e-3)
    assert not all(map(torch.equal, *moved))


def test_attention_in_float32_takes_what_autocast_made_of_a_bias():
    q, bias = torch.randn(1, 2, 8, 4), -torch.arange(8.0).expand(2, 8, 8) / 4
    sdpa = torch.nn.functional.scaled_dot_product_attention
    with torch.autocast("cpu", torch.bfloat16), AttentionInFloat32():
        found = sdpa(q, q, q, attn_mask=bias.bfloat16())
    assert torch.equal(found, sdpa(q, q, q, attn_mask=bias))


def run_command(monkeypatch, *arguments):
    threads = torch.get_num_threads()
    monkeypatch.setattr("sys.argv", ["training", *map(str, arguments), "--threads", str(threads)])
    command_line.main()


def test_the_command_line_trains_and_resumes(tokens, tmp_path, monkeypatch, caplog):
    monkeypatch.setitem(PRESETS, "smallest", CONFIG)
    monkeypatch.setattr(command_line, "WEIGHTS", RECIPE.weights)
    options = ["--preset", "smallest", "--out", tmp_path / "run", "--no-compile"]
    options += ["--batch-size", 4, "--micro-batch-size", 2]
    caplog.set_level(logging.INFO)
    run_command(monkeypatch, tokens, *options, "--tokens", 10 * PER_STEP)
    assert "step 10/10" in caplog.text
    assert "tokens/s" in caplog.text
    assert "min left" in caplog.text
    run_command(monkeypatch, tokens, *options, "--tokens", 20 * PER_STEP)
    assert "going on from step 10 of 20" in caplog.text
    with pytest.raises(SystemExit, match="other settings"):
        run_command(monkeypatch, tokens, *options, "--seed", 2)


@pytest.fixture
def own_tokens(tmp_path):
    """Token files of two texts of a reader's own, one about three times as long as the other."""
    (tmp_path / "long.txt").write_text("\n<|endoftext|>\n".join(f"Diary {i}." for i in range(300)))
    (tmp_path / "short.txt").write_text("\n<|endoftext|>\n".join(f"Letter {i}." for i in range(99)))
    prepare(tmp_path, tmp_path / "tokens", processes=1)
    return tmp_path / "tokens"


def test_the_named_sources_that_are_there_keep_their_weights(tokens):
    assert command_line.weights_of(tokens) == {"tinystories": 0.45, "tinyshakespeare": 0.03}


def test_texts_of_one_s_own_are_drawn_by_their_length(own_tokens, tmp_path, monkeypatch, caplog):
    weights = command_line.weights_of(own_tokens)
    sizes = {name: (own_tokens / f"{name}.train.bin").stat().st_size // 2 for name in weights}
    assert weights == sizes
    assert weights.keys() == {"long", "short"}
    monkeypatch.setitem(PRESETS, "smallest", CONFIG)
    options = ["--preset", "smallest", "--out", tmp_path / "run", "--no-compile"]
    options += ["--batch-size", 4, "--micro-batch-size", 2, "--tokens", 2 * PER_STEP]
    caplog.set_level(logging.INFO)
    run_command(monkeypatch, own_tokens, *options)
    long, short = (f"{name} {sizes[name] / sum(sizes.values()):.0%}" for name in ("long", "short"))
    assert f"text: {long}, {short}" in caplog.text
    with safe_open(tmp_path / "run" / STATE, framework="pt") as state:
        assert json.loads(state.metadata()["settings"])["recipe"]["weights"] == weights


def test_the_command_line_without_tokens_says_what_to_do(tmp_path, monkeypatch):
    options = ["--preset", "fable-tiny", "--out", tmp_path / "run"]
    with pytest.raises(SystemExit, match="prepare the corpus first"):
        run_command(monkeypatch, tmp_path, *options)
