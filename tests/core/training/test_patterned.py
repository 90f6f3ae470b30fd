"""Stacks whose layers look through different patterns, and what can arrive through them."""

from dataclasses import replace

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as some

from transformer_core.config import TransformerConfig
from transformer_core.kv_cache import KVCache
from transformer_core.lens.mask_effects import reach, reach_through
from transformer_core.masks import causal_mask
from transformer_core.training.experiments.attention_patterns.measurement import flops_share
from transformer_core.training.experiments.attention_patterns.setting import (
    settings as text_settings,
)
from transformer_core.training.experiments.needle.setting import settings as needle_settings
from transformer_core.training.patterned import (
    PATTERNS,
    layer_patterns,
    pairs_share,
    patterned_transformer,
)
from transformer_core.transformer import Transformer

N, N_LAYERS, WINDOW = 24, 4, 3
CONFIG = TransformerConfig(
    vocab_size=11,
    context_length=N,
    d_model=16,
    n_layers=N_LAYERS,
    n_heads=2,
    n_kv_heads=2,
    d_ff=32,
    position="rope",
    norm="rms_norm",
    bias=False,
)
IDS = torch.arange(2 * N).view(2, N) % 11
each_pattern = pytest.mark.parametrize("name", PATTERNS)


def patterned(name):
    model = patterned_transformer(CONFIG, layer_patterns(name, N, WINDOW, N_LAYERS))
    model.initialise(3)
    for parameter in model.parameters():
        parameter.data *= 3  # so that what is passed on is not lost in rounding
    return model


def plain_like(model):
    twin = Transformer(CONFIG)
    twin.load_state_dict(model.state_dict())
    return twin


# ------------------------------------------------------------------------------------- the model


def test_where_all_may_look_at_all_it_is_the_transformer():
    model = patterned("full")
    torch.testing.assert_close(model(IDS), plain_like(model)(IDS))


@each_pattern
def test_each_layer_looks_through_its_own_pattern(name):
    """PyTorch's attention, given the weights of each layer and its mask."""
    model = patterned(name)
    traced = model.trace(IDS)
    for layer, mask in zip(traced.blocks, layer_patterns(name, N, WINDOW, N_LAYERS), strict=True):
        step = layer.attention
        wanted = torch.nn.functional.scaled_dot_product_attention(
            step.q, step.k, step.v, attn_mask=mask
        )
        torch.testing.assert_close(step.mixed_values, wanted)
        assert torch.equal(step.weights > 0, mask.expand_as(step.weights))
    torch.testing.assert_close(model(IDS), traced.logits, rtol=1e-4, atol=1e-4)


@each_pattern
@torch.inference_mode()
def test_a_cache_gives_the_same(name):
    model = patterned(name)
    cache = KVCache(CONFIG, batch=2)
    parts = [model(part, cache=cache) for part in IDS.split((9, 1, 14), dim=1)]
    torch.testing.assert_close(torch.cat(parts, 1), model(IDS), rtol=1e-4, atol=1e-4)


@each_pattern
def test_a_mask_that_is_given_takes_the_place_of_the_patterns(name):
    model, mask = patterned(name), causal_mask(N)
    torch.testing.assert_close(model(IDS, mask), plain_like(model)(IDS, mask))


def test_no_pattern_has_parameters():
    shapes = [
        {name: tuple(p.shape) for name, p in patterned(name).named_parameters()}
        for name in PATTERNS
    ]
    plain = {name: tuple(p.shape) for name, p in Transformer(CONFIG).named_parameters()}
    assert all(each == plain for each in shapes)


# ------------------------------------------------------------------------------------- the reach


@each_pattern
def test_what_can_arrive_is_what_a_changed_token_changes(name):
    model = patterned(name)
    heard = reach_through(layer_patterns(name, N, WINDOW, N_LAYERS))[-1]
    start = model.embed(IDS[:1])

    def run(embedded):
        for block in model.blocks:
            embedded = block(embedded)
        return embedded[0]

    before = run(start)
    for key in range(N):
        changed = start.clone()
        changed[0, key] += torch.linspace(1, -2, 16)
        moved = (run(changed) != before).any(-1)
        assert torch.equal(moved, heard[:, key]), key


@given(some.integers(1, 10), some.integers(1, 4), some.data())
@settings(max_examples=40, deadline=None)
def test_reach_through_different_masks_is_a_walk_over_open_cells(n, n_layers, data):
    cells = data.draw(
        some.lists(some.booleans(), min_size=n_layers * n * n, max_size=n_layers * n * n)
    )
    masks = torch.tensor(cells).view(n_layers, n, n)
    found = reach_through(masks)
    for query in range(n):
        for top in range(n_layers):
            stands = {query}
            for layer in range(top, -1, -1):  # from the query downwards, one layer after another
                stands |= {key for q in stands for key in range(n) if masks[layer, q, key]}
            assert set(found[top, query].nonzero()[:, 0].tolist()) == stands
    assert torch.equal(reach(masks[0], n_layers), reach_through(masks[:1].repeat(n_layers, 1, 1)))


def test_reach_by_formula():
    n, window, n_layers = 64, 5, 4

    def distances(name):
        arrives = reach_through(layer_patterns(name, n, window, n_layers))[-1]
        return {d for d in range(n) if arrives.diagonal(-d).any()}

    assert distances("full") == distances("3 windows : 1 full") == set(range(n))
    assert distances("sliding window") == set(range(n_layers * (window - 1) + 1))
    assert distances("chunks") == set(range(2 * window - 1))
    assert distances("dilated") == set(range(0, 2 * n_layers * (window - 1) + 1, 2))
    assert distances("dilated 1, 2, 4, 8") == set(range((1 + 2 + 4 + 8) * (window - 1) + 1))
    arrives = reach_through(layer_patterns("block-sparse", n, window, n_layers))[-1]
    block = 2
    for query in range(n):
        for key in range(query + 1):
            near = query // block - key // block <= n_layers
            assert arrives[query, key] == (near or key < block)


# ------------------------------------------------------------------------------------- the pairs


@each_pattern
def test_patterns_are_causal_and_their_pairs_counted(name):
    patterns = layer_patterns(name, N, WINDOW, N_LAYERS)
    assert not (patterns & ~causal_mask(N)).any()
    assert patterns.diagonal(dim1=1, dim2=2).all()
    pairs = sum(bool(p) for p in patterns.flatten())
    assert pairs_share(patterns) == pytest.approx(pairs / (N_LAYERS * N * (N + 1) / 2))


def test_what_is_said_of_equal_pairs_holds():
    def pairs(settings_of):
        return {s.pattern: int(s.patterns.sum()) / 4 for s in settings_of(None, False)}

    text = pairs(text_settings)
    assert text["sliding window"] == text["chunks"] == text["block-sparse"] == 996
    for found, most in ((text, 0.08), (pairs(needle_settings), 0.1)):
        window = found.pop("sliding window")
        for name in ("full", "3 windows : 1 full"):
            assert found.pop(name) > 2 * window
        assert all(abs(count / window - 1) < most for count in found.values())


def test_flops_are_multiplications_and_additions_one_by_one():
    setting = text_settings(None, True)[1]
    n, d, layers = setting.context_length, setting.d_model, setting.n_layers
    rest = 2 * n * (layers * (4 * d * d + 8 * d * d) + d * 512)

    def total(pairs):
        return rest + sum(2 * d + 2 * d for _ in range(pairs))

    pairs = int(setting.patterns.sum())
    wanted = total(pairs) / total(layers * n * (n + 1) // 2)
    assert flops_share(setting) == pytest.approx(wanted)
    full = replace(setting, pattern="full")
    assert flops_share(full) == 1
