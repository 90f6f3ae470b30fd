"""Heads at equal parameters: what is held equal is equal; the remark says what the numbers say."""

from pathlib import Path

import pytest

from transformer_core.records.result import load_result
from transformer_core.training.experiments import heads
from transformer_core.transformer import Transformer

SETTINGS = heads.settings(None, quick=False)
RECORD = Path(__file__).parents[4] / "assets" / "experiments" / "heads.json"


def measured(losses):
    return [
        {"losses": loss, "cache_bytes": 512.0, "milliseconds": [1.0, 2.0, 3.0, 4.0]}
        for loss in losses
    ]


@pytest.mark.parametrize("quick", [True, False])
def test_all_variants_have_the_same_number_of_parameters(quick):
    counts = {
        sum(p.numel() for p in Transformer(heads.config(setting)).parameters())
        for setting in heads.settings(None, quick)
    }
    assert len(counts) == 1


def test_the_variants_differ_in_heads_and_cache_only():
    configs = [heads.config(setting) for setting in SETTINGS]
    assert [(c.n_heads, c.n_kv_heads) for c in configs] == [(6, 6), (6, 2), (6, 1), (1, 1)]
    assert len({(c.d_model, c.n_layers, c.position, c.norm, c.activation) for c in configs}) == 1


def test_a_new_token_takes_longer_after_more_tokens():
    config = heads.config(SETTINGS[0] | {"d_model": 96, "n_layers": 1})
    assert 0 < heads.decoding_seconds(config, 16) < heads.decoding_seconds(config, 16_384)


def test_the_remark_tells_noise_from_a_difference():
    apart = heads.conclude(SETTINGS, measured([[1.0, 1.1], [2.0], [3.0], [4.0]])).remark
    assert apart.startswith("The variants lie 2.950 nats apart, seeds of one variant up to 0.100.")
    assert "within noise" not in apart
    alike = heads.conclude(SETTINGS, measured([[1.0, 1.5], [1.2], [1.2], [1.1]])).remark
    assert "within noise; a larger model" in alike


def test_the_record_holds_every_variant_and_seed():
    record = load_result(RECORD)
    by_variant = [s for s in record.series if s.y_label.startswith("loss")]
    assert [s.name for s in by_variant] == list(heads.VARIANTS)
    assert all(len(s.y) == len(record.seeds) == 3 for s in by_variant)
    means = [sum(s.y) / 3 for s in by_variant]
    assert f"{max(means) - min(means):.3f} nats apart" in record.remark
