"""Attention in tiles against PyTorch's dense attention, and what it keeps on the way."""

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

from tests.core.variants import N_HEADS, config, filled, random
from transformer_core.attention import Attention, attention_scores, masked_softmax
from transformer_core.lens.corrections import strongest_correction
from transformer_core.masks import MASKS, causal_mask, full_mask, sliding_window_mask
from transformer_core.positions import POSITIONS
from transformer_core.tiled_attention import (
    RunningSoftmax,
    TileSize,
    cut,
    tile_steps,
    tiled_attention,
)

CLOSE = {"atol": 1e-5, "rtol": 1e-5}
SEE_SOMETHING = {
    "causal": causal_mask,
    "full": full_mask,
    "window": lambda n, m: sliding_window_mask(n, m, 3) & causal_mask(n, m),
    "wide window": lambda n, m: sliding_window_mask(n, m, 6),
}
sizes = st.builds(TileSize, st.integers(1, 40), st.integers(1, 40))


@given(
    n_query=st.integers(1, 30),
    earlier=st.integers(0, 12),
    d_head=st.integers(1, 9),
    heads=st.sampled_from([(1, 1), (4, 4), (4, 2), (6, 1)]),
    size=sizes,
    kind=st.sampled_from([*SEE_SOMETHING]),
    seed=st.integers(0, 99),
)
def test_is_pytorchs_attention(n_query, earlier, d_head, heads, size, kind, seed):
    n_key, (n_heads, n_kv_heads) = n_query + earlier, heads
    q = random(2, n_heads, n_query, d_head, seed=seed)
    k = random(2, n_kv_heads, n_key, d_head, seed=seed + 1)
    v = random(2, n_kv_heads, n_key, d_head, seed=seed + 2)
    mask = SEE_SOMETHING[kind](n_query, n_key)
    dense = F.scaled_dot_product_attention(q, k, v, attn_mask=mask, enable_gqa=True)
    torch.testing.assert_close(tiled_attention(q, k, v, mask, size), dense, **CLOSE)


@given(data=st.data(), n_key=st.integers(1, 40), tile=st.integers(1, 12), seed=st.integers(0, 99))
def test_extreme_scores_are_no_matter(data, n_key, tile, seed):
    """Of any size, many of them -inf: PyTorch's softmax of the whole row says what is right."""
    finite = st.floats(-(2.0**125), 2.0**125, width=32)
    some = st.lists(finite | st.just(-float("inf")), min_size=n_key, max_size=n_key)
    scores = torch.tensor(data.draw(some)).view(1, 1, 1, n_key)
    v = random(1, 1, n_key, 3, seed=seed)
    state = RunningSoftmax.empty(scores, 3)
    for keys in cut(n_key, tile):
        state = state.after(scores[..., keys], v[:, :, keys])
    if (scores == -torch.inf).all():
        assert not state.output.any()
    else:
        torch.testing.assert_close(state.output, scores.softmax(-1) @ v, **CLOSE)
        total = torch.logsumexp(scores, -1, keepdim=True)
        torch.testing.assert_close(state.m + state.l.log(), total, **CLOSE)


def test_the_worked_example():
    """The row of the lesson's question: keys with scores 0, 0 and ln 4 and values 4, 6 and 2."""
    scores = torch.tensor([0.0, 0.0, 4.0]).view(1, 1, 1, 3)
    scores[..., 2] = torch.tensor(4.0).log()
    v = torch.tensor([4.0, 6.0, 2.0]).view(1, 1, 3, 1)
    first = RunningSoftmax.empty(scores, 1).after(scores[..., :2], v[:, :, :2])
    assert (float(first.m), float(first.l), float(first.o)) == (0, 2, 10)
    second = first.after(scores[..., 2:], v[:, :, 2:])
    wanted = [0.25, 1.5, 4.5, 3.0]
    found = [second.correction, second.l, second.o, second.output]
    assert [float(each) for each in found] == pytest.approx(wanted)


@pytest.mark.parametrize("kind", [kind for kind in MASKS if kind != "cross"])
def test_every_mask_gives_what_the_models_own_layer_mixes(kind):
    shapes = config(position="none")
    layer = filled(Attention(shapes, POSITIONS["none"](shapes)))
    mask = MASKS[kind].make(9, 9, **{each.name: each.default for each in MASKS[kind].parameters})
    trace = layer.trace(random(1, 9, 16), mask=mask)
    mixed = tiled_attention(trace.q, trace.k, trace.v, mask, TileSize(2, 4))
    torch.testing.assert_close(mixed, trace.mixed_values, **CLOSE)


@pytest.mark.parametrize("position", [*POSITIONS])
def test_positions_and_shared_keys_are_the_models_own(position):
    shapes = config(position=position, n_kv_heads=2)
    layer = filled(Attention(shapes, POSITIONS[position](shapes)))
    trace = layer.trace(random(2, 11, 16))
    assert trace.q.shape[1] == N_HEADS
    parts = (trace.q, trace.k, trace.v, trace.mask, TileSize(4, 3), trace.bias)
    torch.testing.assert_close(tiled_attention(*parts), trace.mixed_values, **CLOSE)


def test_a_query_that_may_look_nowhere_receives_zeros():
    mask = causal_mask(6)
    mask[2] = False
    q, k, v = (random(1, 1, 6, 4, seed=seed) for seed in range(3))
    mixed = tiled_attention(q, k, v, mask, TileSize(2, 2))
    assert not mixed[0, 0, 2].any()
    assert mixed[0, 0, 3].any()
    assert not mixed.isnan().any()


def test_tiles_that_the_mask_hides_are_passed_over():
    q, k, v = (random(1, 1, 10, 4, seed=seed) for seed in range(3))
    steps = list(tile_steps(q, k, v, causal_mask(10), TileSize(4, 4)))
    seen = [(step.queries.start, step.keys.start) for step in steps]
    assert seen == [(0, 0), (4, 0), (4, 4), (8, 0), (8, 4), (8, 8)]
    assert len(list(tile_steps(q, k, v, full_mask(10), TileSize(4, 4)))) == 9


def test_a_highest_score_never_falls_and_corrections_are_at_most_one():
    q, k, v = (random(1, 2, 16, 4, seed=seed) for seed in range(3))
    highest = torch.full((1, 2, 16, 1), -torch.inf)
    for step in tile_steps(q, k, v, full_mask(16), TileSize(16, 3)):
        assert (step.state.m >= highest).all()
        assert (step.state.correction <= 1).all()
        highest = step.state.m


@pytest.mark.parametrize("size", [(0, 4), (4, 0), (-1, 4)])
def test_an_empty_tile_is_refused(size):
    with pytest.raises(ValueError, match="holds nothing"):
        TileSize(*size)


@pytest.mark.parametrize("tile", [1, 2, 3, 5, 20])
def test_corrections_are_read_from_finished_weights(tile):
    q, k, v = (random(1, 3, 11, 4, seed=seed) for seed in range(3))
    mask = causal_mask(11)
    weights = masked_softmax(attention_scores(q, k), mask)[0]
    steps = [s for s in tile_steps(q, k, v, mask, TileSize(11, tile)) if s.keys.start]
    found = [s.state.correction[0, :, -1, 0] for s in steps] or [torch.ones(3)]
    smallest = torch.stack(found).amin(0)
    torch.testing.assert_close(strongest_correction(weights, tile), smallest, **CLOSE)
