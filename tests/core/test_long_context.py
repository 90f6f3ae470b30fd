"""Patterns for long texts: counted pairs, attention without the hidden scores, linear attention."""

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from transformers.masking_utils import causal_mask_function, chunked_overlay, sliding_window_overlay

from transformer_core.laws.pattern_costs import layers_to_reach
from transformer_core.lens.layer_masks import LAYER_PATTERNS, layer_masks, stack_pairs
from transformer_core.lens.mask_effects import reach_through
from transformer_core.linear_attention import by_pairs, by_state
from transformer_core.masks import causal_mask, chunked_mask, sliding_window_mask
from transformer_core.near_attention import chunk_attention, window_attention

sizes = st.tuples(st.integers(1, 2), st.integers(1, 3), st.integers(1, 40), st.integers(1, 9))
widths = st.integers(1, 12)
names = st.sampled_from(sorted(LAYER_PATTERNS))


def drawn(size: tuple[int, ...], d_value: int | None = None) -> tuple[torch.Tensor, ...]:
    generator = torch.Generator().manual_seed(sum(size))
    shapes = (size, size, (*size[:3], d_value or size[3]))
    return tuple(torch.randn(shape, generator=generator) for shape in shapes)


@given(size=sizes, width=widths)
def test_windows_and_chunks_equal_the_dense_masked_attention(size, width):
    q, k, v = drawn(size)
    n = size[2]
    for near, mask in (
        (window_attention, sliding_window_mask(n, n, width)),
        (chunk_attention, chunked_mask(n, n, width)),
    ):
        dense = F.scaled_dot_product_attention(q, k, v, attn_mask=mask & causal_mask(n))
        torch.testing.assert_close(near(q, k, v, width), dense, atol=1e-5, rtol=1e-5)


@given(size=sizes, d_value=st.integers(1, 6))
def test_linear_attention_is_the_same_in_both_orders(size, d_value):
    q, k, v = drawn(size, d_value)
    torch.testing.assert_close(by_state(q, k, v), by_pairs(q, k, v), atol=1e-5, rtol=1e-4)


def test_linear_attention_by_hand():
    q = torch.tensor([1.0, 0.0]).view(1, 1, 2, 1)
    k = torch.tensor([0.0, 1.0]).view(1, 1, 2, 1)
    v = torch.tensor([6.0, 3.0]).view(1, 1, 2, 1)
    # phi: q 2, 1; k 1, 2. The second token: (1·1·6 + 1·2·3) / (1·1 + 1·2) = 4.
    assert by_pairs(q, k, v).flatten().tolist() == pytest.approx([6, 4])
    assert by_state(q, k, v).flatten().tolist() == pytest.approx([6, 4])


@given(name=names, n=st.integers(1, 40), width=widths, n_layers=st.integers(1, 9))
def test_pairs_are_those_of_the_masks(name, n, width, n_layers):
    masks = layer_masks(name, n, width, n_layers)
    assert stack_pairs(name, n, width, n_layers) == int(masks.sum())
    assert masks.diagonal(dim1=1, dim2=2).all()  # nobody is without a key


@pytest.mark.parametrize("width", [1, 3, 8])
def test_windows_and_chunks_are_hugging_faces(width):
    n = 20
    theirs = {
        "sliding": sliding_window_overlay(width),
        "chunks": chunked_overlay(width, torch.zeros(1, dtype=torch.long)),
    }
    for name, overlay in theirs.items():
        for query in range(n):
            row = [
                bool(overlay(0, 0, query, key) and causal_mask_function(0, 0, query, key))
                for key in range(n)
            ]
            assert layer_masks(name, n, width, 1)[0, query].tolist() == row


@given(distance=st.integers(1, 25), window=st.integers(2, 9))
def test_a_window_reaches_back_after_so_many_layers(distance, window):
    layers = layers_to_reach(distance, window)
    heard = reach_through(layer_masks("sliding", distance + 1, window, layers))[:, distance, 0]
    assert heard.tolist() == [False] * (layers - 1) + [True]


@given(width=widths, n=st.integers(2, 40))
def test_chunks_never_cross_a_border(width, n):
    heard = reach_through(layer_masks("chunks", n, width, 6))[-1]
    assert torch.equal(heard, chunked_mask(n, n, width) & causal_mask(n))
