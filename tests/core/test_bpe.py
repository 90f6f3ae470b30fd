from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transformer_core.bpe import (
    PATTERN,
    EncodeStep,
    Merge,
    count_words,
    encode_steps,
    learn_merges,
    split_words,
)
from transformer_core.shipped_vocabulary import load_shipped, read_vocabulary


def naive_merges(word_counts, n_merges):
    """Count every pair afresh for each merge, without an index."""
    tokens = [bytes([i]) for i in range(256)]
    words = {word: tuple(word) for word in word_counts}
    merges = []
    while len(merges) < n_merges:
        pairs = Counter()
        for word, ids in words.items():
            for pair in pairwise(ids):
                pairs[pair] += word_counts[word]
        if not pairs:
            break
        best = min(pairs, key=lambda pair: (-pairs[pair], pair))
        left, right = (tokens[i] for i in best)
        if left + right not in tokens:
            merges.append(Merge(len(tokens), left, right, left + right, pairs[best]))
            tokens.append(left + right)
        words = {word: joined(ids, best, tokens.index(left + right)) for word, ids in words.items()}
    return merges


def joined(ids, pair, token):
    for i in range(len(ids) - 1):
        if ids[i : i + 2] == pair:
            return (*ids[:i], token, *joined(ids[i + 2 :], pair, token))
    return ids


def test_most_frequent_pair_is_joined_first():
    merges = learn_merges(count_words(["ab ab abc"]), 3)
    assert [(m.rank, m.left, m.right, m.count) for m in merges] == [
        (256, b"a", b"b", 3),
        (257, b" ", b"ab", 2),
        (258, b" ab", b"c", 1),
    ]


def test_equal_counts_take_the_lowest_pair_of_ids():
    merges = learn_merges(Counter({b"zy": 2, b"ba": 2, b"bc": 2}), 3)
    assert [m.merged for m in merges] == [b"ba", b"bc", b"zy"]


def test_learning_stops_when_every_word_is_one_token():
    assert [m.merged for m in learn_merges(Counter({b"abc": 1}), 100)] == [b"ab", b"abc"]
    assert learn_merges(Counter(), 5) == []


@settings(max_examples=150)
@given(
    st.lists(st.text("ab c'1\n", max_size=40), max_size=8),
    st.integers(min_value=0, max_value=40),
)
def test_incremental_counts_learn_what_counting_afresh_learns(texts, n_merges):
    counts = count_words(texts)
    assert learn_merges(counts, n_merges) == naive_merges(counts, n_merges)


@given(st.lists(st.text("aab", max_size=30), min_size=1, max_size=6))
def test_no_token_is_learnt_twice(texts):
    merged = [m.merged for m in learn_merges(count_words(texts), 60)]
    assert len(merged) == len(set(merged))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("I don't know", ["I", " don", "'t", " know"]),
        ("I don’t know", ["I", " don", "’t", " know"]),
        ("'the 'tis", ["'", "the", " '", "tis"]),
        ("in 12345 days", ["in", " 123", "45", " days"]),
        ("one.\n\n  two", ["one", ".", "\n\n", " ", " two"]),
        ("wait   for", ["wait", "  ", " for"]),
        ("", []),
    ],
)
def test_words(text, words):
    assert split_words(text) == words


@given(st.text())
def test_words_are_the_whole_text(text):
    assert "".join(split_words(text, PATTERN)) == text


def test_steps_of_a_word():
    ranks = {b"a": 0, b"b": 1, b"c": 2, b"bc": 3, b"abc": 4}
    assert encode_steps("abc", ranks) == [
        EncodeStep((b"a", b"b", b"c"), 1),
        EncodeStep((b"a", b"bc"), 0),
        EncodeStep((b"abc",), None),
    ]
    assert encode_steps("", ranks) == [EncodeStep((), None)]


@settings(max_examples=300)
@given(st.one_of(st.text(max_size=40), st.text("abcdehilnorst ", max_size=60)))
def test_replay_ends_in_tiktokens_tokens(text):
    tokenizer = load_shipped()
    replayed = [
        part
        for word in split_words(text, tokenizer.pattern)
        for part in encode_steps(word, tokenizer.ranks)[-1].parts
    ]
    assert replayed == [tokenizer.token_bytes(i) for i in tokenizer.encode(text)]


def test_every_learnt_token_is_reached_by_its_own_merges():
    vocabulary = read_vocabulary()
    ranks = vocabulary.ranks
    assert all(encode_steps(m.merged, ranks)[-1].parts == (m.merged,) for m in vocabulary.merges)
