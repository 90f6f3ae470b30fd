"""Steps between two words: by formula against SciPy's shortest paths through the drawn network."""

import numpy as np
import pytest
from scipy.sparse import lil_matrix
from scipy.sparse.csgraph import dijkstra

from transformer_core.config import TransformerConfig
from transformer_core.laws.costs import kv_cache_bytes
from transformer_core.laws.path_length import (
    KERNEL,
    LAYER_KINDS,
    convolution_path,
    dilated_path,
    scan_rounds,
)
from transformer_core.laws.recurrent_state import lstm_numbers, mamba_numbers

N = 40
KINDS = {kind.name: kind for kind in LAYER_KINDS}


def by_scipy(reads, layers):
    """Fewest layers from token 0 to each: `reads(i, layer)` are the tokens that one reads."""
    graph = lil_matrix((N * (layers + 1), N * (layers + 1)))
    for layer in range(layers):
        for i in range(N):
            for j in reads(i, layer):
                graph[layer * N + j, (layer + 1) * N + i] = 1
    found = dijkstra(graph.tocsr(), indices=0).reshape(layers + 1, N)
    return np.nan_to_num(found, posinf=1e9).min(0)[1:]


def back(i, steps):
    return [i - step for step in steps if i >= step]


@pytest.mark.parametrize("kernel", [2, 3, 5])
def test_paths_are_scipy_s(kernel):
    distances = range(1, N)
    plain = by_scipy(lambda i, _: back(i, range(kernel)), N)
    assert [convolution_path(k, kernel) for k in distances] == plain.tolist()
    dilated = by_scipy(lambda i, layer: back(i, (t * kernel**layer for t in range(kernel))), 6)
    assert [dilated_path(k, kernel) for k in distances] == dilated.tolist()


def test_recurrence_and_attention_are_scipy_s():
    recurrent = by_scipy(lambda i, _: back(i, (1,)), N)
    attention = by_scipy(lambda i, _: range(i + 1), 2)
    distances = range(1, N)
    assert [KINDS["RNN"].path(k) for k in distances] == recurrent.tolist()
    assert [KINDS["self-attention"].path(k) for k in distances] == attention.tolist()


def test_counts_are_those_of_the_paper_s_table():
    """O(n d^2), O(k n d^2), O(n^2 d); n steps in sequence against a constant number."""
    n, d = 50, 64
    found = {name: kind.multiplications(n, d) for name, kind in KINDS.items()}
    assert found["RNN"] == n * d**2
    assert found["convolution"] == found["dilated convolution"] == KERNEL * n * d**2
    assert found["self-attention"] == n**2 * d
    assert [kind.sequential(n) for kind in LAYER_KINDS] == [n, 1, 1, 1]


@pytest.mark.parametrize(("n", "rounds"), [(1, 1), (2, 2), (3, 4), (4, 4), (5, 6), (1024, 20)])
def test_rounds_of_a_scan(n, rounds):
    assert scan_rounds(n) == rounds


def test_states_are_constant_and_smaller_than_a_long_cache():
    config = TransformerConfig(
        vocab_size=8, context_length=64, d_model=64, n_layers=3, n_heads=4, n_kv_heads=4, d_ff=64
    )
    assert lstm_numbers(64, 3) == 3 * 2 * 64
    assert mamba_numbers(64, 3) == 3 * (128 * 16 + 128 * 3)
    per_token = kv_cache_bytes(config, 1, bytes_per_number=1)
    assert per_token == lstm_numbers(64, 3)
