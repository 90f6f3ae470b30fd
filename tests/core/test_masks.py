"""Masks against their definitions, token by token."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tests.core.variants import config, filled, random
from transformer_core.attention import Attention
from transformer_core.masks import (
    MASKS,
    block_sparse_mask,
    causal_mask,
    chunked_mask,
    cross_mask,
    dilated_mask,
    document_mask,
    full_mask,
    padding_mask,
    prefix_mask,
    sliding_window_mask,
    strided_mask,
)
from transformer_core.positions import NoPosition

# What each pattern promises for a query at q and a key at k, written out for one pair.
PAIRWISE = {
    "full": (full_mask, lambda q, k: True),
    "causal": (causal_mask, lambda q, k: k <= q),
    "sliding_window": (sliding_window_mask, lambda q, k: q - 3 < k < q + 3),
    "dilated": (dilated_mask, lambda q, k: k - q in {-4, -2, 0, 2, 4}),
    "strided": (strided_mask, lambda q, k: k - q in {*range(-3, 4), -8, -4, 4, 8, 12, -12}),
    "chunked": (chunked_mask, lambda q, k: k in range(q - q % 4, q - q % 4 + 4)),
    "block_sparse": (
        block_sparse_mask,
        lambda q, k: q < 2 or k < 2 or k in range(q - q % 2 - 2, q - q % 2 + 4),
    ),
    "prefix": (prefix_mask, lambda q, k: k <= q or k in {0, 1, 2}),
    "document": (MASKS["document"].make, lambda q, k: min(q // 3, 2) == min(k // 3, 2)),
    "padding": (MASKS["padding"].make, lambda q, k: k in {0, 1, 2, 3}),
    "cross": (MASKS["cross"].make, lambda q, k: k in {0, 1, 2, 3}),
}


def shown(mask: torch.Tensor) -> list[str]:
    return ["".join("x" if may else "." for may in row) for row in mask.tolist()]


def made(name: str, n_query: int, n_key: int) -> torch.Tensor:
    kind = MASKS[name]
    mask = kind.make(n_query, n_key, **{p.name: p.default for p in kind.parameters})
    return mask if mask.ndim == 2 else mask[0, 0]


@pytest.mark.parametrize("name", MASKS)
@given(n_query=st.integers(1, 9), n_past=st.integers(0, 4))
def test_every_pair_is_as_promised(name, n_query, n_past):
    mask = made(name, n_query, n_query + n_past)
    assert mask.dtype == torch.bool
    promised = [
        [PAIRWISE[name][1](n_past + query, key) for key in range(n_query + n_past)]
        for query in range(n_query)
    ]
    assert mask.tolist() == promised


@pytest.mark.parametrize("name", MASKS)
def test_with_a_cache_the_queries_are_the_last_ones(name):
    assert torch.equal(made(name, 3, 9), made(name, 9, 9)[-3:])


@pytest.mark.parametrize("name", ["causal", "full", "sliding_window", "prefix", "block_sparse"])
def test_keys_are_as_many_as_queries_unless_told(name):
    assert torch.equal(PAIRWISE[name][0](7), made(name, 7, 7))


def test_the_menu_is_complete():
    assert set(MASKS) == set(PAIRWISE)
    titles = [kind.title for kind in MASKS.values()]
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("name", MASKS)
def test_every_parameter_changes_something(name):
    kind = MASKS[name]
    defaults = {p.name: p.default for p in kind.parameters}
    for parameter in kind.parameters:
        one_more = (1,) if isinstance(parameter.default, tuple) else parameter.default + 1
        changed = kind.make(12, 12, **(defaults | {parameter.name: one_more}))
        assert not torch.equal(changed, kind.make(12, 12, **defaults)), parameter.name


@pytest.mark.parametrize("name", MASKS)
def test_the_least_settings_work(name):
    kind = MASKS[name]
    least = {
        p.name: (p.least,) if isinstance(p.default, tuple) else p.least for p in kind.parameters
    }
    assert kind.make(5, 5, **least).any()


def test_windows_by_eye():
    assert shown(sliding_window_mask(4, window=2) & causal_mask(4)) == [
        "x...",
        "xx..",
        ".xx.",
        "..xx",
    ]
    assert shown(dilated_mask(5, window=2, dilation=2))[2] == "x.x.x"
    assert shown(prefix_mask(4, prefix=2)) == ["xx..", "xx..", "xxx.", "xxxx"]
    assert shown(strided_mask(9, stride=3) & causal_mask(9))[8] == "..x..xxxx"


def test_documents_do_not_see_each_other():
    ids = torch.tensor([0, 0, 1, 1, 1])
    assert shown(document_mask(ids)) == ["xx...", "xx...", "..xxx", "..xxx", "..xxx"]
    batch = document_mask(torch.stack((ids, torch.zeros_like(ids))), n_query=2)
    assert batch.shape == (2, 1, 2, 5)
    assert shown(batch[0, 0]) == ["..xxx", "..xxx"]
    assert batch[1].all()


def test_padding_is_per_sentence():
    mask = padding_mask(torch.tensor([1, 3]), 3)
    assert mask.shape == (2, 1, 1, 3)
    assert shown(mask[:, 0, 0]) == ["x..", "xxx"]
    assert torch.equal(cross_mask(torch.tensor([1, 3]), 2, 3), mask.expand(2, 1, 2, 3))


def test_padding_changes_nothing_for_the_real_tokens():
    shapes = config()
    layer = filled(Attention(shapes, NoPosition(shapes)))
    x = random(2, 6, 16)
    mask = padding_mask(torch.tensor([4, 6]), 6) & causal_mask(6)
    torch.testing.assert_close(layer(x, mask)[0, :4], layer(x[:1, :4])[0], atol=1e-5, rtol=1e-5)


def test_a_packed_document_is_read_as_if_alone():
    shapes = config()
    layer = filled(Attention(shapes, NoPosition(shapes)))
    x = random(1, 6, 16)
    mask = document_mask(torch.tensor([0, 0, 1, 1, 1, 1])) & causal_mask(6)
    torch.testing.assert_close(layer(x, mask)[:, 2:], layer(x[:, 2:]), atol=1e-5, rtol=1e-5)
