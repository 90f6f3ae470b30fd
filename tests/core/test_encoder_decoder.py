"""The encoder-decoder against PyTorch's own layers, with padding and with caches."""

from functools import partial

import pytest
import torch
from torch import nn

from tests.core.pytorch_layers import block_weights
from tests.core.variants import N_HEADS, config, filled, random, token_ids
from transformer_core.config import BLOCK_NAMES, NORM_NAMES, POSITION_NAMES
from transformer_core.decoder_block import DECODER_BLOCKS, Source
from transformer_core.encoder_decoder import Decoder, DecoderCache, Encoder, EncoderDecoder
from transformer_core.masks import causal_mask, padding_mask
from transformer_core.positions import NoPosition

CLOSE = {"atol": 1e-5, "rtol": 1e-5}
LENGTHS = torch.tensor([8, 3, 5])
PADDING = padding_mask(LENGTHS, 8)
CAUSAL = nn.Transformer.generate_square_subsequent_mask(6)
every_position = pytest.mark.parametrize("position", POSITION_NAMES)
every_block = pytest.mark.parametrize("block", BLOCK_NAMES)
every_activation = pytest.mark.parametrize("activation", ["relu", "gelu"])


def model(**changes) -> EncoderDecoder:
    return filled(EncoderDecoder(config(**changes)))


def stack(ours, layer_class, stack_class):
    """PyTorch's layers, with the weights of an Encoder or a Decoder."""
    shapes, has_norm = ours.blocks[0], not isinstance(ours.final_norm, nn.Identity)
    activation = "relu" if shapes.feed_forward.activation is nn.functional.relu else "gelu"
    layer = layer_class(16, N_HEADS, 24, 0.0, activation, batch_first=True, norm_first=has_norm)
    theirs = stack_class(layer, 2, norm=nn.LayerNorm(16) if has_norm else None)
    for mine, their_layer in zip(ours.blocks, theirs.layers, strict=True):
        their_layer.load_state_dict(block_weights(mine))
    if has_norm:
        norm = ours.final_norm
        theirs.norm.load_state_dict({"weight": norm.gain, "bias": norm.bias})
    # In training mode PyTorch takes the plain path; there is no dropout to differ.
    return theirs.train().requires_grad_(False)


@every_activation
@every_block
def test_encoder_is_pytorchs(block, activation):
    ours = filled(Encoder(config(position="none", block=block, activation=activation)))
    theirs = stack(
        ours,
        nn.TransformerEncoderLayer,
        partial(nn.TransformerEncoder, enable_nested_tensor=False),
    )
    x = random(3, 8, 16)
    expected = theirs(x, src_key_padding_mask=~PADDING[:, 0, 0])
    torch.testing.assert_close(ours(x, PADDING), expected, **CLOSE)
    torch.testing.assert_close(ours.trace(x, PADDING).memory, expected, **CLOSE)


@every_activation
@every_block
def test_decoder_is_pytorchs(block, activation):
    ours = filled(Decoder(config(position="none", block=block, activation=activation)))
    theirs = stack(ours, nn.TransformerDecoderLayer, nn.TransformerDecoder)
    x, memory = random(3, 6, 16), random(3, 8, 16, seed=1)
    hidden = ~PADDING[:, 0, 0]
    expected = theirs(x, memory, tgt_mask=CAUSAL, memory_key_padding_mask=hidden)
    torch.testing.assert_close(ours(x, Source(memory, PADDING)), expected, **CLOSE)
    trace = ours.trace(x, Source(memory, PADDING))
    torch.testing.assert_close(trace.final_norm, expected, **CLOSE)


@pytest.mark.parametrize("tied", [True, False])
@pytest.mark.parametrize("n_kv_heads", [N_HEADS, 1])
@pytest.mark.parametrize("norm", NORM_NAMES)
@every_block
@every_position
def test_forward_trace_and_cache_agree(position, block, norm, n_kv_heads, tied):
    shapes = {"position": position, "block": block, "norm": norm, "n_kv_heads": n_kv_heads}
    ours = model(**shapes, tied_embeddings=tied)
    source, target = token_ids(3, 8), token_ids(3, 6, seed=1)
    logits = ours(source, target, PADDING)
    torch.testing.assert_close(ours.trace(source, target, PADDING).logits, logits, **CLOSE)
    read, cache = ours.encode(source, PADDING), DecoderCache(ours.config, 8, batch=3)
    steps = [ours.decode(part, read, cache=cache) for part in target.split([3, 1, 2], 1)]
    torch.testing.assert_close(torch.cat(steps, 1), logits, **CLOSE)
    assert (cache.target.length, cache.source.length) == (6, 8)


@every_block
@every_position
def test_padding_changes_nothing(position, block):
    ours = model(position=position, block=block)
    source, target = token_ids(3, 8), token_ids(3, 6, seed=1)
    padded = ours(source, target, PADDING)
    for row, length in enumerate(LENGTHS.tolist()):
        alone = ours(source[row : row + 1, :length], target[row : row + 1])
        torch.testing.assert_close(padded[row], alone[0], **CLOSE)


@every_block
@every_position
def test_the_source_is_read_both_ways_and_the_target_is_not(position, block):
    ours = model(position=position, block=block)
    source, target = token_ids(1, 8), token_ids(1, 6, seed=1)
    memory, logits = ours.encode(source).memory, ours(source, target)
    source[0, -1] = (source[0, -1] + 1) % 19
    assert not torch.allclose(ours.encode(source).memory[:, 0], memory[:, 0], atol=1e-4)
    source[0, -1] = (source[0, -1] - 1) % 19
    target[0, -1] = (target[0, -1] + 1) % 19
    torch.testing.assert_close(ours(source, target)[:, :-1], logits[:, :-1], **CLOSE)
    assert not torch.allclose(ours(source, target)[:, -1], logits[:, -1], atol=1e-4)


def test_shapes_and_shares_of_a_trace():
    trace = model().trace(token_ids(3, 8), token_ids(3, 6, seed=1), PADDING)
    assert trace.logits.shape == (3, 6, 19)
    assert len(trace.encoder.blocks) == len(trace.decoder.blocks) == 2
    cross = trace.decoder.blocks[1].cross_attention
    assert cross.weights.shape == (3, N_HEADS, 6, 8)
    torch.testing.assert_close(cross.weights.sum(-1), torch.ones(3, N_HEADS, 6))
    assert not cross.weights[1, :, :, 3:].any()
    own = trace.decoder.blocks[0].attention.weights
    assert not own[..., ~causal_mask(6)].any()
    assert trace.encoder.blocks[0].attention.weights[0].min() > 0


@every_block
def test_steps_of_a_decoder_block_follow_from_each_other(block):
    shapes = config(block=block)
    layer = filled(DECODER_BLOCKS[block](shapes, NoPosition(shapes)))
    trace = layer.trace(random(1, 6, 16), Source(random(1, 8, 16, seed=1)))
    sums = (
        trace.resid_pre + trace.attention.output,
        trace.resid_self + trace.cross_attention.output,
        trace.resid_mid + trace.feed_forward.output,
    )
    norms = (layer.attention_norm, layer.cross_attention_norm, layer.feed_forward_norm)
    kept = (trace.resid_self, trace.resid_mid, trace.resid_post)
    shown = (trace.attention_norm, trace.cross_attention_norm, trace.feed_forward_norm)
    befores = (trace.resid_pre, trace.resid_self, trace.resid_mid)
    for total, norm, stream, normed, before in zip(sums, norms, kept, shown, befores, strict=True):
        assert torch.equal(stream, total if block == "pre_norm" else norm(total))
        assert torch.equal(normed, norm(before) if block == "pre_norm" else stream)


def test_an_order_of_the_source_matters_only_through_its_positions():
    ours = model(position="none")
    source, target = token_ids(1, 8), token_ids(1, 6, seed=1)
    mixed = source[:, torch.tensor([3, 1, 7, 0, 2, 5, 4, 6])]
    torch.testing.assert_close(ours(mixed, target), ours(source, target), **CLOSE)
    for position in ("rope", "alibi", "learned", "sinusoidal"):
        ours = model(position=position)
        assert not torch.allclose(ours(mixed, target), ours(source, target), atol=1e-4), position


@every_position
def test_gradients_reach_every_parameter_and_stay_finite(position):
    ours = model(position=position, tied_embeddings=False).requires_grad_(True)
    ours(token_ids(3, 8), token_ids(3, 6, seed=1), PADDING).square().sum().backward()
    for name, parameter in ours.named_parameters():
        assert parameter.grad.isfinite().all(), name
        assert name.endswith("k_proj.bias") or parameter.grad.any(), name


def test_initialise_is_repeatable_and_bounded():
    first, second = EncoderDecoder(config()), EncoderDecoder(config())
    first.initialise(1)
    second.initialise(1)
    for mine, other in zip(first.parameters(), second.parameters(), strict=True):
        assert torch.equal(mine, other)
    bound = (6 / (19 + 16)) ** 0.5
    assert bound / 2 < first.embedding.abs().max() <= bound
