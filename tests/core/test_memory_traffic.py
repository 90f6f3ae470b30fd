"""Bytes by formula against what the tiles themselves touch, and against the paper's theorem."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from transformer_core.laws.memory_traffic import (
    A100,
    BYTES,
    attention_flops,
    keys_read,
    largest_tile,
    standard_traffic,
    tiled_traffic,
)
from transformer_core.masks import causal_mask, full_mask
from transformer_core.tiled_attention import TileSize, tile_steps

lengths = st.integers(1, 40)
tiles = st.integers(1, 50)


@given(n=lengths, tile=tiles, d=st.integers(1, 5), causal=st.booleans())
def test_formula_is_what_the_tiles_touch(n, tile, d, causal):
    mask = causal_mask(n) if causal else full_mask(n)
    heads = torch.zeros(1, 1, n, d)
    steps = list(tile_steps(heads, heads, heads, mask, TileSize(tile, tile)))
    read = sum((step.keys.stop - step.keys.start) * d for step in steps)
    rows = {(step.queries.start, step.queries.stop) for step in steps}
    once = sum((stop - start) * d for start, stop in rows)
    found = tiled_traffic(n, d, tile, causal)
    assert (found.q, found.k, found.v, found.output) == (once, read, read, once)
    assert found.scores == found.weights == 0


def test_a_count_by_hand():
    """n = 1,000 and d = 100, as the lesson asks; one tile holds all."""
    assert standard_traffic(1_000, 100).total == 4_400_000
    assert tiled_traffic(1_000, 100, 1_000).total == 400_000
    assert tiled_traffic(1_000, 100, 500).total == 600_000
    assert standard_traffic(1_000, 100).bytes == BYTES * 4_400_000


@given(n=lengths, tile=tiles)
def test_causal_tiles_read_at_most_what_all_tiles_read(n, tile):
    assert n <= keys_read(n, tile, causal=True) <= keys_read(n, tile)
    if tile >= n:
        assert keys_read(n, tile) == n


@pytest.mark.parametrize("d", [64, 128])
@pytest.mark.parametrize("kib", [48, 96, 192])
def test_the_largest_tile_just_fits(d, kib):
    tile = largest_tile(1024 * kib, d)
    room = 1024 * kib // BYTES
    assert 4 * tile * d + tile**2 <= room < 4 * (tile + 1) * d + (tile + 1) ** 2


def test_there_is_always_a_tile():
    assert largest_tile(1, 128) == 1


@given(power=st.integers(11, 17), d=st.sampled_from([64, 128]), kib=st.sampled_from([96, 192]))
def test_grows_as_theorem_2_says(power, d, kib):
    """n^2 d^2 / M numbers up to a constant factor, for a text that is much longer than a tile."""
    n, memory = 2**power, 1024 * kib // BYTES
    found = tiled_traffic(n, d, largest_tile(1024 * kib, d)).total / (n * n * d * d / memory)
    assert 4 < found < 20
    assert standard_traffic(n, d).total == pytest.approx(4 * n * n, rel=0.07)


def test_roof_of_the_published_machine():
    """Standard attention has about d / 2 FLOP per byte: too few for 312 TFLOP per second."""
    n, d = 2**15, 64
    plain = attention_flops(n, d) / standard_traffic(n, d).bytes
    assert plain == pytest.approx(d / 2, rel=0.01)
    assert A100.reached(plain) == pytest.approx((48e12, 64e12), rel=0.01)
    tile = largest_tile(A100.fast_bytes, d)
    tiled = attention_flops(n, d) / tiled_traffic(n, d, tile).bytes
    assert tiled == pytest.approx(tile, rel=0.02)
    assert A100.reached(tiled) == pytest.approx((A100.flops, A100.flops), rel=0.05)
