"""Ways and sizes as the Recurrence lesson's boards count them, against the core's own."""

from pathlib import Path

import pytest

from pages.n0_why.recurrence.state_board import describe_states
from tests.js.golden import compare
from transformer_core.laws.costs import kv_cache_bytes
from transformer_core.laws.path_length import LAYER_KINDS, scan_rounds
from transformer_core.laws.recurrent_state import attention_layers, lstm_numbers, mamba_numbers
from ui.models import load
from ui.state import read_state

DISTANCES = [1, 2, 3, 4, 8, 9, 26, 27, 64, 999, 1000]
D = 64


@pytest.fixture
def states(monkeypatch):
    monkeypatch.setattr("pages.n0_why.recurrence.state_board.setting", lambda _: "")
    return [state(model, n) for model in ("fable-classic", "fable-modern") for n in (1, 300)]


def state(model, n):
    config, layers = load(model).config, load(model).config.n_layers
    cache = kv_cache_bytes(config, n, bytes_per_number=2)
    mamba = 2 * mamba_numbers(config.d_model, layers)
    share = attention_layers(layers) / layers
    lstm = lstm_numbers(config.d_model, layers)
    per_token = kv_cache_bytes(config, 1, bytes_per_number=1)
    return {
        "data": describe_states(read_state({"text": "a cat", "model": model})),
        "n": n,
        "kept": [cache, share * cache + (1 - share) * mamba, mamba, 2 * lstm],
        "first": next(k for k in range(1, 9999) if k * per_token > lstm),
    }


def test_counts(tmp_path, states):
    kinds = [
        {
            "name": kind.name,
            "path": [kind.path(k) for k in DISTANCES],
            "sequential": [kind.sequential(k) for k in DISTANCES],
            "multiplications": [kind.multiplications(k, D) for k in DISTANCES],
        }
        for kind in LAYER_KINDS
    ]
    rounds = [scan_rounds(k) for k in DISTANCES]
    cases = {"kinds": kinds, "distances": DISTANCES, "d": D, "rounds": rounds, "states": states}
    compare(Path(__file__).with_name("paths.golden.js"), tmp_path, cases)
