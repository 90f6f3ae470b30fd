"""Words cut and costed, against PyTorch's cross-entropy; a bet is a probability distribution."""

from math import exp, inf, log

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

from tests.real_model import real_model
from transformer_core.lens.guessing import (
    begins_word,
    cut_words,
    likely_words,
    staked_cost,
    word_costs,
)
from transformer_core.shipped_vocabulary import load_shipped
from ui.known_models import REAL_MODEL, SHIPPED
from ui.models import load

SUMS = "2 + 3 = 5, 7 + 5 ="
CONTEXT = "Tom had a red ball. Sue had a"
WORDS = (" blue", " red ball", " hypotenuse", "!", " 5")


def cross_entropy(model, context, word):
    """PyTorch's own, over the whole sequence alone."""
    ids = torch.tensor([*context, *word])
    with torch.inference_mode():
        logits = model(ids[None])[0, :-1]
    return F.cross_entropy(logits, ids[1:], reduction="none")[len(context) - 1 :].tolist()


@pytest.mark.parametrize("name", SHIPPED)
def test_words_cost_what_they_cost_alone_however_they_are_padded(name):
    loaded = load(name)
    context = loaded.tokenizer.encode(CONTEXT)
    words = [loaded.tokenizer.encode(word) for word in WORDS]
    assert len({len(word) for word in words}) > 1
    with torch.inference_mode():
        costs = word_costs(loaded.model, context, words)
    for word, cost in zip(words, costs, strict=True):
        assert cost.token_ids == tuple(word)
        assert cost.nats == pytest.approx(cross_entropy(loaded.model, context, word), abs=1e-4)
        assert cost.total == pytest.approx(sum(cost.nats))


def checked_likely(name: str, text: str) -> list[str]:
    """The likeliest tokens, completed; costs are those of `word_costs`; no word twice."""
    loaded = load(name)
    context = loaded.tokenizer.encode(text)
    with torch.inference_mode():
        found = likely_words(loaded.model, loaded.tokenizer, context, 8)
        again = word_costs(loaded.model, context, [word.token_ids for word in found])
        best = loaded.model(torch.tensor([context]))[0, -1].softmax(-1).topk(8)
    assert [word.total for word in found] == sorted(word.total for word in found)
    for word, same in zip(found, again, strict=True):
        assert word.nats == pytest.approx(same.nats, abs=2e-3)
    shown = [loaded.tokenizer.decode(list(word.token_ids)) for word in found]
    assert len({word.strip() for word in shown}) == len(shown)
    assert all(map(str.strip, shown))
    first = {word.token_ids[0]: word.nats[0] for word in found}
    for token_id, p in zip(best.indices.tolist(), best.values.tolist(), strict=True):
        if token_id in first:
            assert exp(-first[token_id]) == pytest.approx(p, rel=1e-3)
    return shown


@pytest.mark.parametrize("name", SHIPPED)
def test_likely_words_are_whole_and_cost_what_they_cost(name):
    assert checked_likely(name, CONTEXT)


@real_model
def test_a_bare_blank_is_no_word_of_the_real_model():
    assert checked_likely(REAL_MODEL, SUMS)[0] == " 12"


@pytest.mark.parametrize(
    ("pieces", "words"),
    [
        (["The", " cat", "'s", " ball", "."], ["The", " cat's", " ball", "."]),
        ([" hyp", "oten", "use", " c"], [" hypotenuse", " c"]),
        (["2", " +", " ", "1", "2", ","], ["2", " +", " 12", ","]),
        (["f", "(a", ",", " b", "):"], ["f", "(a", ",", " b", "):"]),
        (["⟨f0 9f⟩", "⟨99 82⟩", "a"], ["⟨f0 9f⟩⟨99 82⟩", "a"]),
        (["a"], ["a"]),
        ([], []),
    ],
)
def test_a_text_is_cut_into_words(pieces, words):
    assert ["".join(pieces[a:b]) for a, b in cut_words(pieces)] == words


@given(text=st.text(min_size=1, max_size=60))
def test_words_are_the_whole_text(text):
    tokenizer = load_shipped()
    pieces = tokenizer.pieces(tokenizer.encode(text))
    cut = cut_words(pieces)
    assert [i for start, end in cut for i in range(start, end)] == list(range(len(pieces)))


def test_a_word_begins_after_nothing():
    assert begins_word("", "a")


def test_a_bet_by_hand():
    assert staked_cost(log(4), right=True, stake=0.5) == pytest.approx(log(8 / 5))  # ½ + ½ · ¼ = ⅝
    assert staked_cost(log(4), right=False, stake=0.5) == pytest.approx(log(8))
    assert staked_cost(inf, right=True) == pytest.approx(log(2))  # what the model ruled out


@given(
    shares=st.lists(st.floats(0.01, 1), min_size=2, max_size=9),
    stake=st.floats(0.01, 0.99),
)
def test_what_a_bet_gives_to_all_words_is_one(shares, stake):
    chances = [share / sum(shares) for share in shares]
    paid = [staked_cost(-log(p), right=i == 0, stake=stake) for i, p in enumerate(chances)]
    assert sum(exp(-each) for each in paid) == pytest.approx(1)
