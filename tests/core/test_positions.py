"""Positional schemes against Hugging Face's code, and what each promises."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from transformers import LlamaConfig
from transformers.models.bloom.modeling_bloom import build_alibi_tensor
from transformers.models.llama.modeling_llama import LlamaRotaryEmbedding, apply_rotary_pos_emb

from tests.core.variants import config, filled, random
from transformer_core.config import POSITION_NAMES
from transformer_core.positions import (
    POSITIONS,
    AlibiPosition,
    LearnedPosition,
    RotaryPosition,
    SinusoidalPosition,
    alibi_slopes,
    rotary_tables,
    sinusoidal_table,
)


@pytest.mark.parametrize("base", [10_000.0, 500_000.0])
@pytest.mark.parametrize("start", [0, 5])
def test_rope_is_llamas(base, start):
    theirs = LlamaRotaryEmbedding(
        LlamaConfig(
            hidden_size=64,
            num_attention_heads=4,
            rope_parameters={"rope_type": "default", "rope_theta": base},
        )
    )
    q, k = random(2, 4, 12, 16), random(2, 2, 12, 16, seed=1)
    cos, sin = theirs(q, torch.arange(start, start + 12)[None])
    ours = RotaryPosition(config(d_model=64, position="rope", rope_base=base))
    for mine, expected in zip((q, k), apply_rotary_pos_emb(q, k, cos, sin), strict=True):
        torch.testing.assert_close(ours.rotate(mine, start), expected, atol=1e-5, rtol=1e-5)


@given(st.integers(0, 200), st.integers(0, 200), st.integers(0, 300))
def test_rope_scores_depend_on_the_distance_only(query, key, shift):
    position = RotaryPosition(config(position="rope"))
    q, k = random(1, 4, 1, 4), random(1, 4, 1, 4, seed=1)

    def score(query, key):
        return (position.rotate(q, query) * position.rotate(k, key)).sum(-1)

    moved = score(query + shift, key + shift)
    torch.testing.assert_close(score(query, key), moved, atol=1e-3, rtol=1e-3)


def test_rope_keeps_lengths_and_leaves_position_zero():
    position = RotaryPosition(config(position="rope"))
    heads = random(1, 4, 9, 4)
    turned = position.rotate(heads)
    torch.testing.assert_close(turned.norm(dim=-1), heads.norm(dim=-1))
    torch.testing.assert_close(turned[:, :, 0], heads[:, :, 0])
    assert not torch.allclose(turned[:, :, 1:], heads[:, :, 1:])


def test_rope_by_hand():
    position = RotaryPosition(config(d_model=8, position="rope"))
    turned = position.rotate(torch.tensor([1.0, 0.0]).expand(1, 4, 3, 2))
    expected = torch.tensor([[math.cos(p), math.sin(p)] for p in range(3)])
    torch.testing.assert_close(turned[0, 0], expected)


def test_rope_goes_on_beyond_its_table():
    position = RotaryPosition(config(position="rope"))
    heads = random(1, 4, 30, 4)
    torch.testing.assert_close(
        position.rotate(heads)[:, :, 20:], position.rotate(heads[:, :, 20:], 20)
    )


def test_rotary_tables_are_unit_vectors():
    cos, sin = rotary_tables(3, 9, torch.tensor([1.0, 0.5, 0.1, 1e-4]))
    assert cos.shape == sin.shape == (6, 8)
    torch.testing.assert_close(cos**2 + sin**2, torch.ones(6, 8))


@pytest.mark.parametrize("n_heads", [1, 2, 3, 4, 6, 8, 12, 16, 20, 112])
def test_alibi_is_blooms(n_heads):
    n = 7
    theirs = build_alibi_tensor(torch.ones(1, n), n_heads, torch.float32).view(n_heads, 1, n)
    position = AlibiPosition(config(d_model=n_heads, n_heads=n_heads, n_kv_heads=n_heads))
    ours = position.bias(n, n)
    for query in range(n):
        seen = slice(0, query + 1)  # BLOOM adds slope x key: a constant per row apart, the same
        expected = theirs[:, 0, seen] - theirs[:, 0, query, None]
        torch.testing.assert_close(ours[:, query, seen], expected)


def test_alibi_slopes_of_the_paper():
    assert alibi_slopes(8).tolist() == [2.0**-h for h in range(1, 9)]


@given(st.integers(1, 20), st.integers(0, 20))
def test_alibi_falls_linearly_with_distance(n_query, n_past):
    bias = AlibiPosition(config(position="alibi")).bias(n_query, n_query + n_past)
    assert bias.shape == (4, n_query, n_query + n_past)
    for head, slope in enumerate(alibi_slopes(4)):
        for query in range(n_query):
            for key in range(n_query + n_past):
                distance = abs(n_past + query - key)
                assert bias[head, query, key].item() == pytest.approx(-slope.item() * distance)


def test_sinusoidal_by_hand():
    table = sinusoidal_table(0, 3, 4)
    for p in range(3):
        expected = [math.sin(p), math.cos(p), math.sin(p / 100), math.cos(p / 100)]
        assert table[p].tolist() == pytest.approx(expected, abs=1e-6)


def test_sinusoidal_rows_have_one_length_and_differ():
    table = sinusoidal_table(0, 50, 16)
    torch.testing.assert_close(table.norm(dim=1), torch.full((50,), 8**0.5))
    assert torch.cdist(table, table).add(torch.eye(50)).min() > 0.1


def test_a_start_continues_the_table():
    x = random(1, 12, 16)
    for position in (filled(LearnedPosition(config())), SinusoidalPosition(config())):
        torch.testing.assert_close(position.embed(x)[:, 5:], position.embed(x[:, 5:], start=5))


def test_learned_positions_are_rows_of_the_table():
    position = filled(LearnedPosition(config()))
    assert torch.equal(position.embed(torch.zeros(1, 4, 16), start=3)[0], position.table[3:7])


def test_learned_positions_end_with_the_table():
    position = filled(LearnedPosition(config()))
    position.embed(torch.zeros(1, 12, 16))
    with pytest.raises(ValueError, match=r"13 tokens.*ends at 12"):
        position.embed(torch.zeros(1, 13, 16))
    with pytest.raises(ValueError, match=r"13 tokens.*ends at 12"):
        position.embed(torch.zeros(1, 1, 16), start=12)


ACTS_AT = {
    "none": set(),
    "sinusoidal": {"embed"},
    "learned": {"embed"},
    "rope": {"rotate"},
    "alibi": {"bias"},
}


@pytest.mark.parametrize("name", POSITION_NAMES)
def test_each_scheme_acts_at_one_place(name):
    position = filled(POSITIONS[name](config(position=name)))
    x, heads = random(1, 5, 16), random(1, 4, 5, 4)
    acts = {
        "embed": not torch.equal(position.embed(x, 1), x),
        "rotate": not torch.equal(position.rotate(heads, 1), heads),
        "bias": position.bias(5, 5) is not None,
    }
    assert {place for place, acted in acts.items() if acted} == ACTS_AT[name]
