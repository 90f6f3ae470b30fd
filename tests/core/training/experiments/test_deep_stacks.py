"""Stacks with pre-norm, post-norm and no skips: what they compute, their start, their gradients."""

from dataclasses import replace

import pytest
import torch
from torch import nn

from transformer_core.config import TransformerConfig
from transformer_core.lens.depth import measure_depth
from transformer_core.lens.removal import SUBLAYERS, run_without
from transformer_core.training.experiments.depth_and_norm.deep_stacks import (
    DESIGNS,
    deep_stack,
    gradient_norms,
)

CONFIG = TransformerConfig(
    vocab_size=40, context_length=8, d_model=16, n_layers=3, n_heads=2, n_kv_heads=2, d_ff=64
)
each_design = pytest.mark.parametrize("design", DESIGNS)


def windows(n=2, length=8):
    return torch.randint(40, (n, length + 1), generator=torch.Generator().manual_seed(0))


def pytorch_sublayers(block):
    """PyTorch's own layers with a block's weights, which PyTorch keeps transposed."""
    attention, ours = nn.MultiheadAttention(16, 2, batch_first=True), block.attention
    projections = (ours.q_proj, ours.k_proj, ours.v_proj)
    attention.in_proj_weight.data = torch.cat([each.weight.mT for each in projections])
    attention.in_proj_bias.data = torch.cat([each.bias for each in projections])
    attention.out_proj.weight.data = ours.out_proj.weight.mT
    attention.out_proj.bias.data = ours.out_proj.bias.data
    mask = nn.Transformer.generate_square_subsequent_mask(8)
    up, down = nn.Linear(16, 64), nn.Linear(64, 16)
    for theirs, mine in ((up, block.feed_forward.up_proj), (down, block.feed_forward.down_proj)):
        theirs.weight.data, theirs.bias.data = mine.weight.mT, mine.bias.data
    return (
        lambda x: attention(x, x, x, attn_mask=mask, need_weights=False)[0],
        nn.Sequential(up, nn.GELU(approximate="tanh"), down),
    )


@each_design
@torch.no_grad()
def test_each_block_is_its_formula_with_pytorch_s_own_layers(design):
    model = deep_stack(design, CONFIG, seed=3)
    x = model.embed(windows()[:, :-1])
    for block in model.blocks:
        for name, sublayer in zip(SUBLAYERS, pytorch_sublayers(block), strict=True):
            norm = getattr(block, f"{name}_norm")
            normed = nn.LayerNorm(16)
            normed.weight.data, normed.bias.data = norm.gain, norm.bias
            x = {
                "pre-norm": lambda x, n=normed, f=sublayer: x + f(n(x)),
                "post-norm": lambda x, n=normed, f=sublayer: n(x + f(x)),
                "no skips": lambda x, n=normed, f=sublayer: f(n(x)),
            }[design](x)
    ours = model(windows()[:, :-1])
    torch.testing.assert_close(ours, model.unembed(model.final_norm(x)), rtol=1e-4, atol=1e-5)


@each_design
@torch.no_grad()
def test_the_trace_gives_what_the_pass_gives(design):
    model = deep_stack(design, CONFIG, seed=3)
    inputs = windows()[:, :-1]
    trace = model.trace(inputs)
    torch.testing.assert_close(trace.logits, model(inputs), rtol=1e-4, atol=1e-5)
    assert trace.blocks[-1].resid_post.shape == (2, 8, 16)


@torch.no_grad()
def test_no_skips_is_pre_norm_with_its_skips_removed():
    pre_norm = deep_stack("pre-norm", CONFIG, seed=3)
    no_skips = deep_stack("no skips", CONFIG, seed=3)
    gone = frozenset((f"{name}_skip", layer) for name in SUBLAYERS for layer in range(3))
    inputs = windows()[:, :-1]
    _, logits = run_without(pre_norm, pre_norm.embed(inputs), gone)
    torch.testing.assert_close(no_skips(inputs), logits)


def test_designs_start_from_the_same_weights_but_for_post_norm_s_missing_final_norm():
    pre_norm, post_norm, no_skips = (deep_stack(d, CONFIG, 3).state_dict() for d in DESIGNS)
    assert pre_norm.keys() == no_skips.keys()
    assert pre_norm.keys() - post_norm.keys() == {"final_norm.gain", "final_norm.bias"}
    for name, weights in post_norm.items():
        assert torch.equal(weights, pre_norm[name])
        assert torch.equal(weights, no_skips[name])


@each_design
def test_gradients_are_those_of_backward(design):
    model = deep_stack(design, CONFIG, seed=3)
    norms = gradient_norms(model, windows())
    assert all(p.grad is None for p in model.parameters())
    logits = model(windows()[:, :-1]).log_softmax(-1)
    loss = -logits.gather(-1, windows()[:, 1:, None]).mean()
    loss.backward()
    squares = [b.feed_forward.down_proj.weight.grad.square().sum() for b in model.blocks]
    assert norms == pytest.approx([float(s) ** 0.5 for s in squares], rel=1e-4)


@each_design
def test_gradients_at_the_start_are_those_of_the_residual_lesson(design):
    lesson = {"no skips": "no skip"}.get(design, design)
    token_ids = windows(1)
    wider = replace(CONFIG, context_length=9)
    expected = measure_depth(wider, lesson, token_ids).gradients
    ours = gradient_norms(deep_stack(design, wider, seed=0), token_ids)
    assert ours == pytest.approx(expected, rel=1e-4)
