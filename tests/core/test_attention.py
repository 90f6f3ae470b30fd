"""Attention against PyTorch's own, and what it promises."""

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from tests.core.pytorch_layers import attention_weights
from tests.core.variants import N_HEADS, config, filled, random
from transformer_core.attention import Attention, masked_softmax
from transformer_core.config import POSITION_NAMES
from transformer_core.kv_cache import KVCache
from transformer_core.masks import causal_mask, full_mask
from transformer_core.positions import POSITIONS

CLOSE = {"atol": 1e-5, "rtol": 1e-5}
every_position = pytest.mark.parametrize("position", POSITION_NAMES)
every_group = pytest.mark.parametrize("n_kv_heads", [N_HEADS, 2, 1])


def attention(causal: bool = True, **changes) -> Attention:
    shapes = config(**({"position": "none"} | changes))
    return filled(Attention(shapes, POSITIONS[shapes.position](shapes), causal))


def pytorchs(ours: Attention) -> nn.MultiheadAttention:
    has_bias = ours.q_proj.bias is not None
    theirs = nn.MultiheadAttention(16, N_HEADS, bias=has_bias, batch_first=True)
    theirs.load_state_dict(attention_weights(ours))
    return theirs.eval().requires_grad_(False)


def both_ways(layer: Attention, *arguments, **keywords) -> torch.Tensor:
    """The output, after making sure that forward and trace agree on it."""
    forward = layer(*arguments, **keywords)
    torch.testing.assert_close(forward, layer.trace(*arguments, **keywords).output, **CLOSE)
    return forward


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("causal", [True, False])
def test_is_pytorchs_multihead_attention(causal, bias):
    ours, x = attention(causal, bias=bias), random(3, 7, 16)
    hidden = ~causal_mask(7) if causal else None
    output, weights = pytorchs(ours)(x, x, x, attn_mask=hidden, average_attn_weights=False)
    torch.testing.assert_close(both_ways(ours, x), output, **CLOSE)
    torch.testing.assert_close(ours.trace(x).weights, weights, **CLOSE)


def test_is_pytorchs_cross_attention():
    ours, x, context = attention(), random(3, 5, 16), random(3, 8, 16, seed=1)
    padding = torch.arange(8) < torch.tensor([8, 3, 1])[:, None]
    output, weights = pytorchs(ours)(
        x, context, context, key_padding_mask=~padding, average_attn_weights=False
    )
    arguments = {"mask": padding[:, None, None], "context": context}
    torch.testing.assert_close(both_ways(ours, x, **arguments), output, **CLOSE)
    torch.testing.assert_close(ours.trace(x, **arguments).weights, weights, **CLOSE)


@every_group
@every_position
def test_is_pytorchs_fused_attention(position, n_kv_heads):
    layer, x = attention(position=position, n_kv_heads=n_kv_heads), random(2, 7, 16)
    trace = layer.trace(x)
    bias = layer.position.bias(7, 7)
    added = torch.zeros(7, 7).masked_fill(~causal_mask(7), -torch.inf)
    added = added if bias is None else added + bias
    mixed = F.scaled_dot_product_attention(
        trace.q, trace.k, trace.v, attn_mask=added, enable_gqa=True
    )
    torch.testing.assert_close(trace.mixed_values, mixed, **CLOSE)


@every_group
@every_position
@pytest.mark.parametrize("causal", [True, False])
def test_forward_and_trace_agree(position, n_kv_heads, causal):
    layer, x = attention(causal, position=position, n_kv_heads=n_kv_heads), random(2, 7, 16)
    both_ways(layer, x)
    both_ways(layer, x[:, :1])
    both_ways(layer, x, mask=full_mask(7))
    both_ways(layer, x, mask=random(2, N_HEADS, 7, 7) > 0)
    both_ways(layer, x, context=random(2, 9, 16, seed=1))


@every_group
def test_shapes_of_a_trace(n_kv_heads):
    trace = attention(n_kv_heads=n_kv_heads).trace(random(2, 7, 16))
    assert trace.q.shape == trace.mixed_values.shape == (2, N_HEADS, 7, 4)
    assert trace.k.shape == trace.v.shape == (2, n_kv_heads, 7, 4)
    assert trace.scores.shape == trace.weights.shape == (2, N_HEADS, 7, 7)
    assert trace.output.shape == (2, 7, 16)


def test_scores_by_hand():
    trace = attention().trace(random(1, 5, 16))
    for head in range(N_HEADS):
        expected = trace.q[0, head, 3] @ trace.k[0, head, 1] / 2
        torch.testing.assert_close(trace.scores[0, head, 3, 1], expected)


def test_groups_share_keys_and_values():
    grouped = attention(n_kv_heads=2)
    plain = attention(n_kv_heads=N_HEADS)
    plain.load_state_dict(
        grouped.state_dict()
        | {
            f"{name}.{part}": repeated(getattr(getattr(grouped, name), part))
            for name in ("k_proj", "v_proj")
            for part in ("weight", "bias")
        }
    )
    x = random(2, 6, 16)
    torch.testing.assert_close(grouped(x), plain(x), **CLOSE)


def repeated(columns: torch.Tensor) -> torch.Tensor:
    return columns.unflatten(-1, (2, 4)).repeat_interleave(2, dim=-2).flatten(-2)


@every_position
@given(seed=st.integers(0, 1000), n=st.integers(1, 12))
def test_rows_of_weights_add_up_to_one(position, seed, n):
    trace = attention(position=position).trace(random(2, n, 16, seed=seed))
    torch.testing.assert_close(trace.weights.sum(-1), torch.ones(2, N_HEADS, n))
    assert not trace.weights[..., ~causal_mask(n)].any()


@every_position
def test_the_future_does_not_change_the_past(position):
    layer, x = attention(position=position), random(2, 9, 16)
    changed = torch.cat((x[:, :5], random(2, 4, 16, seed=1)), dim=1)
    torch.testing.assert_close(layer(x)[:, :5], layer(changed)[:, :5], **CLOSE)
    assert not torch.allclose(layer(x)[:, 5:], layer(changed)[:, 5:])


@every_position
def test_batch_rows_do_not_mix(position):
    layer, x = attention(position=position), random(3, 6, 16)
    for row in range(3):
        torch.testing.assert_close(layer(x)[row], layer(x[row : row + 1])[0], **CLOSE)


@every_position
@pytest.mark.parametrize("causal", [True, False])
def test_a_row_that_may_look_nowhere_receives_zeros(position, causal):
    layer, x = attention(causal, position=position), random(2, 5, 16)
    mask = full_mask(5)
    mask[2] = False
    output = both_ways(layer, x, mask=mask)
    torch.testing.assert_close(output[:, 2], layer.out_proj.bias.expand(2, 16))
    trace = layer.trace(x, mask=mask)
    assert not trace.weights[:, :, 2].any()
    assert not trace.mixed_values[:, :, 2].any()
    assert trace.weights[:, :, 3].sum(-1).allclose(torch.ones(()))


@every_position
def test_gradients_stay_finite_where_a_row_may_look_nowhere(position):
    layer, x = attention(position=position), random(2, 5, 16).requires_grad_()
    mask = causal_mask(5)
    mask[2] = False
    forward, traced = layer(x, mask), layer.trace(x, mask).output
    of_forward, of_trace = (
        torch.autograd.grad(output.square().sum(), x)[0] for output in (forward, traced)
    )
    assert of_forward.isfinite().all()
    torch.testing.assert_close(of_forward, of_trace, atol=1e-4, rtol=1e-4)


def test_masked_softmax_by_hand():
    scores = torch.tensor([[0.0, 1.0, 50.0], [1.0, 2.0, 3.0]]).log()
    mask = torch.tensor([[False, True, False], [True, True, True]])
    expected = torch.tensor([[0, 1, 0], [1 / 6, 2 / 6, 3 / 6]])
    torch.testing.assert_close(masked_softmax(scores, mask), expected)


def test_huge_scores_stay_finite():
    mask = causal_mask(3)
    weights = masked_softmax(torch.tensor([[1e30, -1e30, 0.0]]).expand(3, 3), mask)
    assert weights.isfinite().all()


def test_a_hidden_key_gets_nothing_whatever_its_score():
    """In 16 bits too, where the lowest number that can be added is not low enough."""
    mask = torch.tensor([[True, False, True]])
    for dtype in (torch.float16, torch.bfloat16, torch.float32):
        for hidden in (6e4, torch.inf, torch.nan):
            scores = torch.tensor([[-6e4, hidden, -6e4]], dtype=dtype)
            weights = masked_softmax(scores, mask)
            assert weights.dtype == dtype
            assert weights.tolist() == [[0.5, 0, 0.5]]


def test_rows_that_see_no_score_give_zeros_and_the_others_their_shares():
    scores = torch.tensor([[0.0, 0.0], [-torch.inf, 5.0], [-torch.inf, 0.0]])
    mask = torch.tensor([[True, True], [True, False], [False, False]])
    assert masked_softmax(scores, mask).tolist() == [[0.5, 0.5], [0, 0], [0, 0]]
    undefined = masked_softmax(torch.tensor([[torch.nan, 1.0], [1.0, 1.0]]), mask[[0, 0]])
    assert undefined[0].isnan().all()
    assert undefined[1].tolist() == [0.5, 0.5]


@every_group
@every_position
@pytest.mark.parametrize("chunks", [[1] * 7, [4, 3], [1, 5, 1], [6, 1]], ids=str)
def test_a_cache_changes_nothing(position, n_kv_heads, chunks):
    layer, x = attention(position=position, n_kv_heads=n_kv_heads), random(2, 7, 16)
    shapes = config(position=position, n_kv_heads=n_kv_heads)
    kept, traced = (KVCache(shapes, batch=2).layers[0] for _ in range(2))
    outputs, traces = [], []
    for part in x.split(chunks, dim=1):
        outputs.append(layer(part, cache=kept))
        traces.append(layer.trace(part, cache=traced))
    torch.testing.assert_close(torch.cat(outputs, 1), layer(x), **CLOSE)
    torch.testing.assert_close(torch.cat([t.output for t in traces], 1), layer(x), **CLOSE)
    torch.testing.assert_close(traces[-1].k, layer.trace(x).k, **CLOSE)
    torch.testing.assert_close(
        traces[-1].weights, layer.trace(x).weights[:, :, -chunks[-1] :], **CLOSE
    )


@every_position
def test_a_mask_and_a_cache_together(position):
    layer, x = attention(position=position), random(1, 7, 16)
    mask = (random(7, 7) > 0) & causal_mask(7) | torch.eye(7, dtype=torch.bool)
    cache = KVCache(config()).layers[0]
    outputs = [layer(x[:, :4], mask[:4, :4], cache=cache), layer(x[:, 4:], mask[4:], cache=cache)]
    torch.testing.assert_close(torch.cat(outputs, 1), layer(x, mask), **CLOSE)
