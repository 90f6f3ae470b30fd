"""Pairs counted by hand, distances against PyTorch's own, and the tables of the shipped model."""

import json
from math import log
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F

from transformer_core.checkpoints import CheckpointError
from transformer_core.lens.pair_statistics import (
    LEAST_LEFT,
    count_pairs,
    divergence,
    load_pairs,
    save_pairs,
)

SHIPPED = Path("assets/models/fable-tiny")
TEXT = torch.tensor([0, 1, 0, 1, 0, 2])  # 0 is followed by 1, 1 and 2; 1 by 0 and 0


def test_pairs_counted_by_hand():
    pairs = count_pairs([(TEXT, 1.0)], 4, 10)
    torch.testing.assert_close(pairs.frequency, torch.tensor([3, 2, 1, 0]) / 6)
    assert pairs.start.tolist() == [0, 2, 3, 3, 3]
    assert pairs.follower.tolist() == [1, 2, 0]
    torch.testing.assert_close(pairs.share, torch.tensor([2 / 3, 1 / 3, 1.0]))
    after = pairs.bigram(0)
    left = LEAST_LEFT * pairs.unigram
    torch.testing.assert_close(after[1], 2 / 3 * (1 - LEAST_LEFT) + left[1])
    torch.testing.assert_close(after[3], left[3])
    torch.testing.assert_close(pairs.bigram(2), pairs.unigram)  # nothing was seen after it


def test_a_mixture_weighs_its_texts():
    other = torch.tensor([3, 3, 3])
    pairs = count_pairs([(TEXT, 0.25), (other, 0.75)], 4, 10)
    torch.testing.assert_close(pairs.frequency, torch.tensor([0.125, 1 / 12, 1 / 24, 0.75]))


def test_only_the_most_frequent_pairs_are_kept():
    pairs = count_pairs([(TEXT, 1.0)], 4, 2)
    assert pairs.follower.tolist() == [1, 0]
    torch.testing.assert_close(pairs.bigram(0).sum(), torch.tensor(1.0))
    assert pairs.bigram(0)[2] < 1 / 3 * 0.9  # its pair was left out


def test_the_distance_is_pytorchs():
    torch.manual_seed(0)
    statistic = torch.randn(5, 7).softmax(-1)
    said = torch.randn(5, 7).log_softmax(-1)
    wanted = F.kl_div(said, statistic, reduction="none").sum(-1)
    torch.testing.assert_close(divergence(statistic, said), wanted)
    assert divergence(statistic, statistic.log()).abs().max() < 1e-6


def test_what_is_written_is_read(tmp_path):
    pairs = count_pairs([(TEXT, 1.0)], 4, 10)
    save_pairs(pairs, tmp_path / "pairs.safetensors")
    read = load_pairs(tmp_path / "pairs.safetensors")
    torch.testing.assert_close(read.bigram(0), pairs.bigram(0), atol=1e-3, rtol=1e-3)
    (tmp_path / "pairs.safetensors").write_bytes(b"short")
    with pytest.raises(CheckpointError, match="Restore"):
        load_pairs(tmp_path / "pairs.safetensors")
    with pytest.raises(CheckpointError):
        load_pairs(tmp_path / "none.safetensors")


def test_the_shipped_tables_are_probabilities():
    pairs = load_pairs(SHIPPED / "pairs.safetensors")
    rows = torch.stack([pairs.bigram(token) for token in range(0, 4096, 97)])
    torch.testing.assert_close(rows.sum(-1), torch.ones(len(rows)), atol=1e-4, rtol=0)
    assert float(rows.min()) > 0
    assert float(pairs.unigram.min()) > 0


def test_the_recorded_losses_are_in_their_order():
    """Equal probabilities lose most; the trained model least."""
    losses = json.loads((SHIPPED / "pairs.json").read_text("utf-8"))["held_out"]
    last = json.loads((SHIPPED / "steps/steps.json").read_text("utf-8"))["steps"][-1]["held_out"]
    for source, lost in losses.items():
        model = last[source]["nats_per_token"]
        assert log(4096) > lost["unigram"] > lost["bigram"] > model
