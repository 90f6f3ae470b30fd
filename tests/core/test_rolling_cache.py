"""The rolling cache against a pass in which a mask hides what it has overwritten."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tests.core.variants import config, filled, token_ids
from transformer_core.kv_cache import KVCache
from transformer_core.rolling_cache import (
    RollingLayerCache,
    overwritten,
    rolling_mask,
    slot_of,
)
from transformer_core.transformer import Transformer

slots, sinks, lengths = st.integers(1, 9), st.integers(0, 4), st.integers(1, 30)


@pytest.mark.parametrize("position", ["rope", "learned", "none"])
@pytest.mark.parametrize(("n_slots", "n_sinks"), [(4, 0), (4, 1), (5, 2), (12, 0)])
def test_it_computes_what_the_mask_allows(position, n_slots, n_sinks):
    model = filled(Transformer(config(position=position, n_kv_heads=2)))
    ids = token_ids(1, 12)
    cache = KVCache(model.config)
    shape = (1, 2 * model.config.n_kv_heads, n_slots, model.config.d_head)
    cache.layers = [RollingLayerCache(torch.zeros(shape), n_sinks) for _ in cache.layers]
    steps = [model(ids[:, i : i + 1], cache=cache) for i in range(ids.shape[1])]
    whole = model(ids, mask=rolling_mask(ids.shape[1], n_slots, n_sinks))
    torch.testing.assert_close(torch.cat(steps, dim=1), whole, atol=1e-5, rtol=1e-4)


@given(n=lengths, n_slots=slots, n_sinks=sinks)
def test_slots_hold_what_the_mask_says(n, n_slots, n_sinks):
    n_sinks = min(n_sinks, n_slots - 1)
    held, mask = {}, rolling_mask(n, n_slots, n_sinks)
    for position in range(n):
        slot = slot_of(position, n_slots, n_sinks)
        assert held.get(slot) == overwritten(position, n_slots, n_sinks)
        held[slot] = position
        assert sorted(held.values()) == mask[position].nonzero()[:, 0].tolist()
        assert slot < n_slots


def test_several_tokens_at_once_are_refused():
    with pytest.raises(ValueError, match="one token at a time, 2"):
        RollingLayerCache(torch.zeros(1, 2, 4, 3)).append(torch.zeros(1, 2, 2, 3))
