"""Bytes and FLOP of reading and writing by hand, by published caches and by PyTorch's counter."""

from dataclasses import replace

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.utils.flop_counter import FlopCounterMode

from tests.core.variants import config
from transformer_core.kv_cache import KVCache
from transformer_core.laws.blueprints import BLUEPRINTS
from transformer_core.laws.costs import kv_cache_numbers
from transformer_core.laws.decoding import (
    BYTES,
    a_quarter,
    cache_kinds,
    decode_cost,
    prefill_cost,
    published_kind,
    weight_bytes,
)
from transformer_core.presets import PRESETS
from transformer_core.transformer import Transformer

PLANS = {each.name: each.plan for each in BLUEPRINTS}
KIND = {"llama-2-7b": "MHA", "llama-3-8b": "GQA", "gemma-2b": "MQA", "deepseek-v3": "MLA"}
# Bytes for each token in 16 bits, as others print them: 512 KiB, 128 KiB, 320 KiB, 70,272 bytes.
PUBLISHED = {
    "llama-2-7b": 524_288,
    "llama-3-8b": 131_072,
    "llama-2-70b": 327_680,
    "deepseek-v3": 70_272,
}


@pytest.mark.parametrize(("name", "wanted"), PUBLISHED.items())
def test_the_published_kind_has_the_published_bytes(name, wanted):
    plan = PLANS[name]
    assert BYTES * kv_cache_numbers(cache_kinds(plan)[published_kind(plan)], 1) == wanted


@pytest.mark.parametrize(("name", "kind"), KIND.items())
def test_published_kinds(name, kind):
    assert published_kind(PLANS[name]) == kind
    assert cache_kinds(PLANS[name])[kind] == replace(PLANS[name], head_width=PLANS[name].d_head)


@pytest.mark.parametrize("name", ["gpt2", "llama-2-7b", "llama-3-8b", "smollm2-135m"])
def test_latent_attention_is_as_two_and_a_quarter_groups(name):
    """As DeepSeek-V2 says of its proportions."""
    kinds = cache_kinds(PLANS[name])
    of = {kind: kv_cache_numbers(plan, 1) for kind, plan in kinds.items()}
    assert of["MLA"] == 2.25 * of["MQA"]
    assert of["MHA"] == PLANS[name].n_heads * of["MQA"]
    assert of["MQA"] < of["GQA"] < of["MHA"]


@pytest.mark.parametrize(
    ("heads", "groups"), [(1, 1), (2, 1), (4, 2), (6, 2), (9, 3), (32, 8), (71, 1)]
)
def test_a_group_has_about_four_heads(heads, groups):
    assert a_quarter(heads) == groups


def test_a_step_computes_what_pytorch_counts():
    small = config(n_kv_heads=2)
    model, cache = Transformer(small), KVCache(small)
    with FlopCounterMode(display=False) as counter:
        model.trace(torch.zeros(1, 5, dtype=torch.long))
    assert counter.get_total_flops() == prefill_cost(small, 5).flops
    for layer in cache.layers:
        layer.length = 4
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        model.trace(torch.zeros(1, 1, dtype=torch.long), cache=cache)
    assert counter.get_total_flops() == decode_cost(small, 5).flops


def test_gpt2_by_hand():
    """124,439,808 weights of two bytes, tied; 36,864 bytes of cache for each token."""
    plan = PRESETS["gpt2"]
    assert weight_bytes(plan) == 248_879_616
    assert decode_cost(plan, 100, 8).bytes == 248_879_616 + 8 * 100 * 36_864
    assert prefill_cost(plan, 100).bytes == 248_879_616 + 100 * 36_864


def test_an_untied_embedding_is_not_read_whole():
    plan = PLANS["llama-3-8b"]
    assert weight_bytes(plan) == 2 * (8_030_261_248 - 128_256 * 4_096)


@given(n=st.integers(1, 5_000), batch=st.integers(1, 500))
def test_a_larger_batch_computes_more_for_each_byte(n, batch):
    """Up to what the caches allow: weights are shared, caches are not."""
    plan = PLANS["llama-3-8b"]
    one, more = decode_cost(plan, n, batch), decode_cost(plan, n, batch + 1)
    assert more.intensity > one.intensity
    own = BYTES * kv_cache_numbers(plan, n)
    assert more.intensity < decode_cost(plan, n).flops / own
    assert prefill_cost(plan, n + 1).intensity > decode_cost(plan, n + 1).intensity
