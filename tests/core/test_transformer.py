"""The whole model: both ways through agree in every variant, with and without a cache."""

from dataclasses import replace

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.variants import config, every_config, filled, token_ids, variant_name
from transformer_core.config import BLOCK_NAMES, POSITION_NAMES
from transformer_core.kv_cache import KVCache
from transformer_core.masks import causal_mask, full_mask
from transformer_core.transformer import Transformer

CLOSE = {"atol": 1e-5, "rtol": 1e-5}
every_variant = pytest.mark.parametrize("variant", every_config(), ids=variant_name)
every_position = pytest.mark.parametrize("position", POSITION_NAMES)


@every_variant
def test_forward_and_trace_agree_and_a_cache_changes_nothing(variant):
    model, ids = filled(Transformer(variant)), token_ids(2, 7)
    trace = model.trace(ids)
    torch.testing.assert_close(model(ids), trace.logits, **CLOSE)
    cache, traced = KVCache(variant, batch=2), KVCache(variant, batch=2)
    steps = ids.split([3, 1, 1, 2], dim=1)
    cached = torch.cat([model(step, cache=cache) for step in steps], 1)
    torch.testing.assert_close(cached, trace.logits, **CLOSE)
    cached_trace = torch.cat([model.trace(step, cache=traced).logits for step in steps], 1)
    torch.testing.assert_close(cached_trace, trace.logits, **CLOSE)


@pytest.mark.parametrize("block", BLOCK_NAMES)
@every_position
def test_both_ways_agree_under_a_mask(position, block):
    model, ids = filled(Transformer(config(position=position, block=block))), token_ids(2, 7)
    mask = torch.rand(2, 1, 7, 7, generator=torch.Generator().manual_seed(0)) > 0.4
    for chosen in (full_mask(7), mask, mask & causal_mask(7)):
        torch.testing.assert_close(model(ids, chosen), model.trace(ids, chosen).logits, **CLOSE)


@pytest.mark.parametrize("tied", [True, False])
def test_the_last_position_only(tied):
    model, ids = filled(Transformer(config(tied_embeddings=tied))), token_ids(2, 7)
    torch.testing.assert_close(model(ids, last_only=True), model(ids)[:, -1:], **CLOSE)


def test_steps_of_a_trace_follow_from_each_other():
    model, ids = filled(Transformer(config(tied_embeddings=False))), token_ids(2, 7)
    trace = model.trace(ids)
    assert torch.equal(trace.token_ids, ids)
    assert torch.equal(trace.token_embedded, model.embedding[ids])
    assert torch.equal(trace.embedded, trace.token_embedded + model.position.table[:7])
    assert torch.equal(trace.blocks[0].resid_pre, trace.embedded)
    assert torch.equal(trace.blocks[1].resid_pre, trace.blocks[0].resid_post)
    assert torch.equal(trace.final_norm, model.final_norm(trace.blocks[1].resid_post))
    expected = trace.final_norm @ model.unembedding.weight
    torch.testing.assert_close(trace.logits, expected, **CLOSE)


def test_tied_models_compare_with_the_embedding():
    model, ids = filled(Transformer(config())), token_ids(1, 4)
    trace = model.trace(ids)
    torch.testing.assert_close(trace.logits, trace.final_norm @ model.embedding.T, **CLOSE)
    assert "unembedding.weight" not in model.state_dict()


def test_a_post_norm_model_has_no_final_norm():
    trace = filled(Transformer(config(block="post_norm"))).trace(token_ids(1, 4))
    assert torch.equal(trace.final_norm, trace.blocks[-1].resid_post)


@every_position
@given(cut=st.integers(1, 11), seed=st.integers(0, 100))
@settings(max_examples=20)
def test_the_future_does_not_change_the_past(position, cut, seed):
    model, ids = filled(Transformer(config(position=position))), token_ids(2, 12)
    changed = torch.cat((ids[:, :cut], token_ids(2, 12 - cut, seed=seed)), dim=1)
    torch.testing.assert_close(model(ids)[:, :cut], model(changed)[:, :cut], **CLOSE)


@every_position
def test_batch_rows_do_not_mix(position):
    model, ids = filled(Transformer(config(position=position))), token_ids(3, 6)
    for row in range(3):
        torch.testing.assert_close(model(ids)[row], model(ids[row : row + 1])[0], **CLOSE)


@pytest.mark.parametrize("position", ["sinusoidal", "learned", "rope", "alibi"])
def test_order_matters_to_every_scheme(position):
    model, ids = filled(Transformer(config(position=position))), token_ids(1, 6)
    swapped = ids[:, [1, 0, 2, 3, 4, 5]]
    assert not torch.allclose(model(ids)[:, -1], model(swapped)[:, -1], atol=1e-4)


def test_without_a_scheme_and_a_mask_order_is_lost():
    model, ids = filled(Transformer(config(position="none"))), token_ids(1, 6)
    mixed = torch.tensor([3, 1, 5, 0, 2, 4])
    everywhere = full_mask(6)
    torch.testing.assert_close(
        model(ids, everywhere)[:, mixed], model(ids[:, mixed], everywhere), **CLOSE
    )


@pytest.mark.parametrize("position", ["none", "sinusoidal", "rope", "alibi"])
def test_schemes_without_a_table_go_beyond_the_context(position):
    model, ids = filled(Transformer(config(position=position))), token_ids(1, 20)
    torch.testing.assert_close(model(ids), model.trace(ids).logits, **CLOSE)


def test_a_learned_table_ends():
    with pytest.raises(ValueError, match=r"13 tokens.*ends at 12"):
        filled(Transformer(config()))(token_ids(1, 13))


def test_initialise_is_gpt2s_and_repeatable():
    shapes = config(d_model=64, d_ff=256, vocab_size=500, n_layers=8)
    model, twin = Transformer(shapes), Transformer(shapes)
    model.initialise(3)
    twin.initialise(3)
    weights = model.state_dict()
    assert all(torch.equal(weight, twin.state_dict()[name]) for name, weight in weights.items())
    assert model.embedding.std().item() == pytest.approx(0.02, rel=0.05)
    block = model.blocks[0]
    assert block.attention.q_proj.weight.std().item() == pytest.approx(0.02, rel=0.05)
    for shrunk in (block.attention.out_proj, block.feed_forward.down_proj):
        assert shrunk.weight.std().item() == pytest.approx(0.02 / 4, rel=0.05)
    assert not block.attention.q_proj.bias.any()
    assert (block.attention_norm.gain == 1).all()
    twin.initialise(4)
    assert not torch.equal(model.embedding, twin.embedding)


def test_an_untrained_model_is_undecided():
    shapes = config(d_model=64, d_ff=256, vocab_size=500)
    model = Transformer(shapes)
    model.initialise(0)
    ids = token_ids(4, 12, vocab_size=500)
    with torch.no_grad():
        logits = model(ids)
    loss = torch.nn.functional.cross_entropy(logits[:, :-1].flatten(0, 1), ids[:, 1:].flatten())
    assert loss.item() == pytest.approx(torch.tensor(500.0).log().item(), abs=0.2)


@every_position
def test_gradients_reach_every_parameter(position):
    model = filled(Transformer(config(position=position, tied_embeddings=False)))
    model.requires_grad_(True)
    model(token_ids(2, 7)).square().sum().backward()
    for name, parameter in model.named_parameters():
        assert parameter.grad is not None, name
        assert parameter.grad.isfinite().all(), name
        # A key bias shifts a row of scores by a constant, which softmax ignores.
        assert name.endswith("k_proj.bias") or parameter.grad.any(), name


def test_variations_are_replacements():
    model = Transformer(replace(config(), n_kv_heads=1))
    assert model.blocks[0].attention.k_proj.weight.shape == (16, 4)
