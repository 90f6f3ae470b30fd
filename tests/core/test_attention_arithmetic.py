"""Each formula of the Attend lesson against an independent computation."""

from math import log

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as some

from tests.small_models import CONFIGS
from tests.ui.unpacking import unpack
from transformer_core.lens.attention_arithmetic import (
    entropy,
    most_telling_head,
    softmax_slope,
    undivided,
)
from transformer_core.transformer import Transformer


def traced(name: str, n: int = 9):
    torch.manual_seed(0)
    model = Transformer(CONFIGS[name]).eval().requires_grad_(False)
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=0.1)
    return model, model.trace(torch.arange(40, 40 + n)[None])


both_models = pytest.mark.parametrize("name", CONFIGS)


@both_models
def test_undivided_weights_are_those_of_the_plain_dot_products(name):
    model, trace = traced(name)
    attention = trace.blocks[1].attention
    groups = model.config.n_heads // model.config.n_kv_heads
    weights = undivided(attention)
    for head in range(model.config.n_heads):
        q, k = attention.q[0, head].numpy(), attention.k[0, head // groups].numpy()
        for i in range(9):
            e = np.exp(q[i] @ k[: i + 1].T)
            np.testing.assert_allclose(weights[0, head, i, : i + 1], e / e.sum(), rtol=1e-4)
            assert not weights[0, head, i, i + 1 :].any()


@both_models
def test_the_most_telling_head_reads_a_far_word_that_others_do_not(name):
    model, trace = traced(name)

    def gain(layer, head, key):
        column = trace.blocks[layer].attention.weights[0, head, :, key].tolist()
        others = column[key + 1 :]
        return column[8] - sum(others) / len(others)

    largest = {
        (layer, head): max(gain(layer, head, key) for key in range(1, 7))
        for layer in range(model.config.n_layers)
        for head in range(model.config.n_heads)
    }
    assert most_telling_head(trace) == max(largest, key=largest.__getitem__)
    for n in (1, 2, 3, 4):
        layer, head = most_telling_head(traced(name, n)[1])
        assert 0 <= layer < model.config.n_layers
        assert 0 <= head < model.config.n_heads


def test_entropy_by_hand():
    weights = torch.tensor([[1.0, 0, 0, 0], [0.25, 0.25, 0.25, 0.25], [0.5, 0.5, 0, 0]])
    torch.testing.assert_close(entropy(weights), torch.tensor([0.0, log(4), log(2)]))


@given(some.lists(some.floats(-4, 4), min_size=2, max_size=8))
def test_slope_is_the_trace_of_the_jacobian(scores):
    scores = torch.tensor(scores, dtype=torch.float64)
    jacobian = torch.autograd.functional.jacobian(lambda s: s.softmax(-1), scores)
    torch.testing.assert_close(softmax_slope(scores.softmax(-1)), jacobian.trace())


@both_models
def test_what_the_browser_gets_gives_the_weights_of_the_trace(name, monkeypatch):
    import pages.n1_forward_pass.attend.attention_board as board
    from ui.state import Reader

    model, trace = traced(name)
    config = model.config
    monkeypatch.setattr(board, "load", lambda _: type("Loaded", (), {"config": config}))
    ids = tuple(trace.token_ids[0].tolist())
    reader = Reader("text", name, ids, (), ("x",) * 9, 1, 2, 8, ())
    header, arrays = unpack(board.pack_board(reader, trace))
    assert (header["layer"], header["head"], header["token"]) == (1, 2, 8)
    d, group = config.d_head, config.n_heads // config.n_kv_heads
    q = arrays["q"][1, 2].astype(np.float32)
    k = arrays["k"][1, 2 // group].astype(np.float32)
    row = np.exp(q[8] @ k.T / d**0.5)
    np.testing.assert_allclose(
        row / row.sum(), trace.blocks[1].attention.weights[0, 2, 8], atol=2e-3
    )
