import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from transformer_core.shipped_vocabulary import load_shipped

shipped = load_shipped()


def test_a_simple_story_takes_one_token_a_word():
    text = "Once upon a time, there was a little girl."
    assert shipped.pieces(shipped.encode(text)) == [
        *("Once", " upon", " a", " time", ",", " there", " was", " a", " little", " girl", ".")
    ]


@settings(max_examples=500)
@given(st.text())
@example("e\u0301 👩‍👩‍👧 مرحبا \U0010ffff\x00\r\n\u2028<|endoftext|>")
def test_every_text_comes_back(text):
    assert shipped.decode(shipped.encode(text)) == text


def test_parts_of_a_character_show_their_bytes():
    ids = shipped.encode("a🦊")
    assert len(ids) == 5
    assert shipped.pieces(ids) == ["a", "⟨f0⟩", "⟨9f⟩", "⟨a6⟩", "⟨8a⟩"]


def test_special_strings_are_plain_text():
    ids = shipped.encode("<|endoftext|>")
    assert shipped.end_of_text not in ids
    assert shipped.decode(ids) == "<|endoftext|>"


def test_lone_surrogates_become_the_replacement_character():
    assert shipped.decode(shipped.encode("a\ud83db")) == "a\ufffdb"
    assert shipped.decode(shipped.encode("\ud83e\udd8a")) == "🦊"


@pytest.mark.parametrize("token_id", [4096, -1])
def test_an_unknown_id_is_a_key_error(token_id):
    with pytest.raises(KeyError):
        shipped.decode([token_id])


@pytest.mark.parametrize("text", ["a" * 100_000, " " * 1_000_000, "\n " * 100_000, "?!" * 100_000])
def test_monotonous_texts_do_not_hang(text):
    start = time.perf_counter()
    assert shipped.decode(shipped.encode(text)) == text
    assert time.perf_counter() - start < 10


def test_a_long_text_is_cut_between_words_only():
    sentence = "Once upon a time, there were 1234 foxes!\n"
    assert shipped.encode(sentence * 10_000) == shipped.encode(sentence) * 10_000
