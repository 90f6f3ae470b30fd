"""The KV cache: what it holds, how much, and that two continuations do not meet."""

import pytest
import torch

from tests.core.variants import config, filled, random, token_ids
from transformer_core.kv_cache import KVCache
from transformer_core.transformer import Transformer


def test_size_is_its_formula():
    cache = KVCache(config(n_kv_heads=2), capacity=10, batch=3)
    n_bytes = sum(t.nbytes for layer in cache.layers for t in (layer.k, layer.v))
    assert n_bytes == 2 * 2 * 2 * 4 * 10 * 3 * 4
    assert cache.length == 0
    assert cache.capacity == 10


def test_capacity_is_the_context_unless_told():
    assert KVCache(config()).capacity == 12


def test_extend_returns_all_so_far():
    layer = KVCache(config(), batch=2).layers[0]
    k, v = random(2, 4, 5, 4), random(2, 4, 5, 4, seed=1)
    layer.extend(k[:, :, :3], v[:, :, :3])
    all_k, all_v = layer.extend(k[:, :, 3:], v[:, :, 3:])
    assert torch.equal(all_k, k)
    assert torch.equal(all_v, v)
    assert layer.length == 5


def test_a_full_cache_refuses_and_stays_as_it_was():
    layer = KVCache(config(), capacity=4).layers[0]
    k = random(1, 4, 3, 4)
    layer.extend(k, k)
    with pytest.raises(ValueError, match="holds 4 positions, 6 are needed"):
        layer.extend(k, k)
    assert layer.length == 3


def test_a_copy_goes_its_own_way():
    model, ids = filled(Transformer(config())), token_ids(1, 5)
    cache = KVCache(model.config)
    model(ids, cache=cache)
    twin = cache.copy()
    model(token_ids(1, 3, seed=1), cache=twin)
    assert (cache.length, twin.length) == (5, 8)
    tail = token_ids(1, 2, seed=2)
    expected = model(torch.cat((ids, tail), 1))[:, 5:]
    torch.testing.assert_close(model(tail, cache=cache), expected, atol=1e-5, rtol=1e-5)


def test_chosen_sequences_go_on():
    model, ids = filled(Transformer(config())), token_ids(2, 5)
    cache = KVCache(model.config, batch=2)
    model(ids, cache=cache)
    rows, tail = [1, 0, 1], token_ids(3, 2, seed=2)
    expected = model(torch.cat((ids[rows], tail), 1))[:, 5:]
    twin = cache.copy(rows=rows)
    torch.testing.assert_close(model(tail, cache=twin), expected, atol=1e-5, rtol=1e-5)
    assert (cache.length, twin.length) == (5, 7)


def test_layers_have_their_own_memory():
    first, second = KVCache(config()).layers
    k = random(1, 4, 3, 4)
    first.extend(k, k)
    assert second.length == 0
    assert not second.k.any()


@pytest.mark.parametrize(
    ("batch", "changes", "named"),
    [
        (3, {}, "made for 3 sequences with 4 key-value heads, but 1 sequences with 4"),
        (
            1,
            {"n_kv_heads": 2},
            "made for 1 sequences with 2 key-value heads, but 1 sequences with 4",
        ),
    ],
)
def test_a_cache_for_other_shapes_is_refused(batch, changes, named):
    model = filled(Transformer(config()))
    cache = KVCache(config(**changes), batch=batch)
    with pytest.raises(ValueError, match=named):
        model(token_ids(1, 5), cache=cache)
    assert cache.length == 0
