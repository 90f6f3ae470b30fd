"""Heads at equal parameters: what is held equal is equal."""

from dataclasses import replace
from pathlib import Path

import pytest

from transformer_core.records.result import load_result
from transformer_core.training.experiments.heads.measurement import decoding_seconds
from transformer_core.training.experiments.heads.setting import VARIANTS, settings
from transformer_core.transformer import Transformer

SETTINGS = settings(None, quick=False)
RECORD = Path(__file__).parents[4] / "assets" / "experiments" / "heads.json"


@pytest.mark.parametrize("quick", [True, False])
def test_all_variants_have_the_same_number_of_parameters(quick):
    counts = {
        sum(p.numel() for p in Transformer(setting.config).parameters())
        for setting in settings(None, quick)
    }
    assert len(counts) == 1


def test_the_variants_differ_in_heads_and_cache_only():
    configs = [setting.config for setting in SETTINGS]
    assert [(c.n_heads, c.n_kv_heads) for c in configs] == [(6, 6), (6, 2), (6, 1), (1, 1)]
    assert len({(c.d_model, c.n_layers, c.position, c.norm, c.activation) for c in configs}) == 1


def test_a_new_token_takes_longer_after_more_tokens():
    config = replace(SETTINGS[0], d_model=96, n_layers=1).config
    assert 0 < decoding_seconds(config, 16) < decoding_seconds(config, 16_384)


def test_the_record_holds_every_variant_and_seed():
    record = load_result(RECORD)
    by_variant = [s for s in record.series if s.y_label.startswith("loss")]
    assert [s.name for s in by_variant] == list(VARIANTS)
    assert all(len(s.y) == len(record.seeds) == 3 for s in by_variant)
