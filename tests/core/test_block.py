"""Blocks against PyTorch's TransformerEncoderLayer, and their formulas."""

import pytest
import torch
from torch import nn

from tests.core.pytorch_layers import block_weights
from tests.core.variants import N_HEADS, config, filled, random
from transformer_core.block import BLOCKS
from transformer_core.config import BLOCK_NAMES
from transformer_core.positions import POSITIONS

CLOSE = {"atol": 1e-5, "rtol": 1e-5}


def block(causal: bool = True, **changes):
    shapes = config(**({"position": "none"} | changes))
    return filled(BLOCKS[shapes.block](shapes, POSITIONS[shapes.position](shapes), causal))


def pytorchs(ours, name: str, activation: str) -> nn.TransformerEncoderLayer:
    theirs = nn.TransformerEncoderLayer(
        16,
        N_HEADS,
        24,
        dropout=0.0,
        activation=activation,
        batch_first=True,
        norm_first=name == "pre_norm",
    )
    theirs.load_state_dict(block_weights(ours))
    return theirs.eval().requires_grad_(False)


@pytest.mark.parametrize("causal", [True, False])
@pytest.mark.parametrize("activation", ["relu", "gelu"])
@pytest.mark.parametrize("name", BLOCK_NAMES)
def test_is_pytorchs_encoder_layer(name, activation, causal):
    ours = block(causal, block=name, activation=activation)
    x = random(2, 6, 16)
    hidden = nn.Transformer.generate_square_subsequent_mask(6) if causal else None
    expected = pytorchs(ours, name, activation)(x, src_mask=hidden, is_causal=causal)
    torch.testing.assert_close(ours(x), expected, **CLOSE)
    torch.testing.assert_close(ours.trace(x).resid_post, expected, **CLOSE)


def test_pre_norm_adds_to_the_stream():
    trace = block(block="pre_norm").trace(random(2, 6, 16))
    assert torch.equal(trace.resid_mid, trace.resid_pre + trace.attention.output)
    assert torch.equal(trace.resid_post, trace.resid_mid + trace.feed_forward.output)


def test_pre_norm_feeds_its_sublayers_with_the_norms():
    layer = block(block="pre_norm")
    trace = layer.trace(random(2, 6, 16))
    assert torch.equal(trace.attention_norm, layer.attention_norm(trace.resid_pre))
    assert torch.equal(trace.feed_forward_norm, layer.feed_forward_norm(trace.resid_mid))
    torch.testing.assert_close(
        layer.feed_forward(trace.feed_forward_norm), trace.feed_forward.output, **CLOSE
    )


def test_post_norm_normalises_the_stream():
    layer = block(block="post_norm")
    trace = layer.trace(random(2, 6, 16))
    mid = layer.attention_norm(trace.resid_pre + trace.attention.output)
    assert torch.equal(trace.resid_mid, mid)
    post = layer.feed_forward_norm(mid + trace.feed_forward.output)
    assert torch.equal(trace.resid_post, post)
    assert trace.attention_norm is trace.resid_mid
    assert trace.feed_forward_norm is trace.resid_post


@pytest.mark.parametrize("name", BLOCK_NAMES)
def test_a_mask_reaches_the_attention(name):
    layer, x = block(block=name), random(1, 6, 16)
    alone = torch.eye(6, dtype=torch.bool)
    for token in range(6):
        expected = layer(x[:, token : token + 1])
        torch.testing.assert_close(layer(x, alone)[:, token : token + 1], expected, **CLOSE)
    assert torch.equal(layer.trace(x, alone).attention.mask, alone)
