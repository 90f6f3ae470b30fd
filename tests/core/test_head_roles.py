"""Head scores against patterns made by hand, and against a computation with loops."""

from types import SimpleNamespace

import pytest
import torch

from transformer_core.config import TransformerConfig
from transformer_core.lens.head_roles import (
    ON_REPEATED,
    ON_TEXT,
    ROLES,
    chance,
    mean_weight_on,
    measure_head_roles,
    ordinary_ids,
    repeated_sequences,
    role_target,
    score_heads,
)
from transformer_core.shipped_vocabulary import load_shipped
from transformer_core.transformer import Transformer

CONFIG = TransformerConfig(
    vocab_size=4096, context_length=32, d_model=16, n_layers=2, n_heads=4, n_kv_heads=2, d_ff=32
)
# a b c a b c d: the second a, b and c have an earlier copy at three tokens' distance.
IDS = torch.tensor([[5, 6, 7, 5, 6, 7, 8]])


@pytest.fixture(scope="module")
def model():
    model = Transformer(CONFIG)
    model.initialise(seed=3)
    for parameter in model.parameters():
        parameter.data *= 20  # attention far from even
    return model.eval()


@pytest.fixture(scope="module")
def text():
    ids = load_shipped().encode('The cat saw a dog.\n"Run!" said the cat, and the dog ran away.\n')
    return torch.tensor([ids])


def targets(role, ids=IDS):
    """For each query the keys that count."""
    rows = role_target(role, ids, load_shipped())[0]
    return [row.nonzero().flatten().tolist() for row in rows]


def test_targets_by_hand():
    assert targets("previous_token") == [[], [0], [1], [2], [3], [4], [5]]
    assert targets("current_token") == [[], [1], [2], [3], [4], [5], [6]]
    assert targets("first_token") == [[], [0], [0], [0], [0], [0], [0]]
    assert targets("duplicate_token") == [[], [], [], [0], [1], [2], []]
    assert targets("induction") == [[], [], [], [1], [2], [3], []]


def test_a_token_seen_twice_has_two_targets():
    ids = torch.tensor([[1, 2, 1, 3, 1]])
    assert targets("duplicate_token", ids)[4] == [0, 2]
    assert targets("induction", ids)[4] == [1, 3]


def test_punctuation_and_line_breaks_of_a_text():
    tokenizer = load_shipped()
    ids = tokenizer.encode('He ran!\n"No," she said.')
    pieces = tokenizer.pieces(ids)
    last = len(ids) - 1
    found = targets("punctuation", torch.tensor([ids]))[last]
    assert found == [i for i, p in enumerate(pieces) if set(p.strip()) & set('!",.')]
    assert len(found) >= 4
    assert targets("line_break", torch.tensor([ids]))[last] == [
        i for i, p in enumerate(pieces) if "\n" in p
    ]


def pattern(keys):
    """Attention weights of one head that looks at one key per query."""
    return torch.nn.functional.one_hot(torch.tensor(keys), len(keys)).float()[None, None]


@pytest.mark.parametrize(
    ("keys", "role", "score"),
    [
        ([0, 0, 1, 2, 3, 4, 5], "previous_token", 1.0),
        ([0, 0, 1, 2, 0, 0, 0], "previous_token", 0.5),
        ([0, 0, 1, 2, 3, 4, 5], "induction", 0.0),
        ([0, 0, 0, 1, 2, 3, 0], "induction", 1.0),
        ([0, 0, 0, 1, 0, 0, 0], "induction", 1 / 3),
        ([0, 0, 0, 0, 1, 2, 0], "duplicate_token", 1.0),
        ([0, 0, 0, 0, 0, 0, 0], "first_token", 1.0),
        ([0, 1, 2, 3, 4, 5, 6], "current_token", 1.0),
    ],
)
def test_scores_of_patterns_made_by_hand(keys, role, score):
    weights = pattern(keys)
    target = role_target(role, IDS, load_shipped())
    assert mean_weight_on(weights, target).tolist() == pytest.approx([score], rel=1e-5)


def test_a_role_without_any_target_scores_zero():
    ids = torch.tensor([[1, 2, 3, 4]])
    weights = pattern([0, 0, 1, 2])
    assert mean_weight_on(weights, role_target("induction", ids, load_shipped())).item() == 0


def test_repeated_sequences_repeat_once_and_hold_no_token_twice():
    ids = repeated_sequences(n_ids=100, period=20, n_sequences=5, seed=4)
    assert ids.shape == (5, 40)
    assert torch.equal(ids[:, :20], ids[:, 20:])
    assert all(len(set(row[:20].tolist())) == 20 for row in ids)
    assert torch.equal(ids, repeated_sequences(100, 20, 5, seed=4))
    assert not torch.equal(ids, repeated_sequences(100, 20, 5, seed=5))


def test_ordinary_tokens_are_neither_special_nor_unused():
    tokenizer = load_shipped()
    assert ordinary_ids(tokenizer).tolist() == list(range(4095))
    padded = SimpleNamespace(
        n_vocab=5,
        special_tokens={"<s>": 1},
        token_bytes=[b"a", b"<s>", b"b", b"", b"c"].__getitem__,
    )
    assert ordinary_ids(padded).tolist() == [0, 2, 4]


def test_scores_equal_those_of_loops(model):
    """Induction and previous token of every head, one weight at a time."""
    ids = repeated_sequences(4095, period=10, n_sequences=3)
    scores = score_heads(model, load_shipped(), ids, ("induction", "previous_token"))
    trace = model.trace(ids)
    for layer, block in enumerate(trace.blocks):
        weights = block.attention.weights
        for head in range(CONFIG.n_heads):
            copies = [weights[s, head, q, q - 9].item() for s in range(3) for q in range(10, 20)]
            assert scores["induction"][layer, head].item() == pytest.approx(
                sum(copies) / 30, rel=1e-5
            )
            before = [weights[s, head, q, q - 1].item() for s in range(3) for q in range(1, 20)]
            assert scores["previous_token"][layer, head].item() == pytest.approx(
                sum(before) / 57, rel=1e-5
            )


def test_duplicate_and_punctuation_equal_an_einsum(model, text):
    scores = score_heads(model, load_shipped(), text, ("duplicate_token", "punctuation"))
    for role, found in scores.items():
        target = role_target(role, text, load_shipped()).float()
        rows = target.any(-1).sum()
        for layer, block in enumerate(model.trace(text).blocks):
            total = torch.einsum("bhqk,bqk->h", block.attention.weights, target)
            assert torch.allclose(found[layer], total / rows, atol=1e-6)


def test_chance_is_the_share_of_an_even_head():
    ids = repeated_sequences(4095, period=8, n_sequences=2)
    levels = chance(load_shipped(), ids, ON_REPEATED)
    even = sum(1 / (q + 1) for q in range(8, 16)) / 8
    assert levels["induction"] == pytest.approx(even)
    assert levels["duplicate_token"] == pytest.approx(even)
    assert levels["first_token"] == pytest.approx(sum(1 / (q + 1) for q in range(1, 16)) / 15)


def test_every_head_and_role_is_measured(model, text):
    repeated = repeated_sequences(4095, period=10, n_sequences=2)
    heads = measure_head_roles(model, load_shipped(), repeated, text)
    assert [(h.layer, h.head) for h in heads] == [(la, h) for la in range(2) for h in range(4)]
    for scores in heads:
        assert set(scores.repeated) == set(ON_REPEATED)
        assert set(scores.text) == set(ON_TEXT) == set(ROLES)
        assert all(0 <= s <= 1 for s in [*scores.repeated.values(), *scores.text.values()])
    direct = score_heads(model, load_shipped(), text, ("first_token",))["first_token"]
    assert heads[5].text["first_token"] == direct[1, 1].item()
