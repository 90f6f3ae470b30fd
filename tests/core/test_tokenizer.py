import json
import os
import time
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from transformer_core import tokenizer as module
from transformer_core.tokenizer import (
    SHIPPED_VOCABULARY,
    TokenizerError,
    available_encodings,
    load_shipped,
    load_tiktoken,
    read_vocabulary,
)

NEIGHBOUR = Path(__file__).parents[3] / "shared" / "tiktoken_cache"
shipped = load_shipped()


@pytest.fixture
def published(monkeypatch, request):
    """A published vocabulary, or a skip where its file is not on this machine."""
    if "TIKTOKEN_CACHE_DIR" not in os.environ and NEIGHBOUR.is_dir():
        monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(NEIGHBOUR))
    if available_encodings()[request.param] is None:
        pytest.skip(f"{request.param} is not in tiktoken's cache folder")
    return load_tiktoken(request.param)


def test_shipped_vocabulary_has_4096_ids_the_last_of_them_the_end_of_text():
    assert (shipped.name, shipped.n_vocab, shipped.end_of_text) == ("fable", 4096, 4095)
    assert shipped.token_bytes(4095) == b"<|endoftext|>"
    assert sorted(shipped.ranks.values()) == list(range(4095))
    assert {m.merged: m.rank for m in read_vocabulary().merges}.items() <= shipped.ranks.items()


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


@given(st.text(st.characters(codec="utf-8"), max_size=30))
def test_spans_cover_the_text(text):
    ids = shipped.encode(text)
    spans = shipped.spans(ids)
    data = text.encode()
    assert [data[s.byte_start : s.byte_end] for s in spans] == [shipped.token_bytes(i) for i in ids]
    for span, piece in zip(spans, shipped.pieces(ids), strict=True):
        characters = text[span.char_start : span.char_end]
        assert piece == characters or piece.startswith("⟨")
    assert sum(s.byte_end - s.byte_start for s in spans) == len(data)


def test_parts_of_a_character_show_their_bytes_and_share_its_place():
    ids = shipped.encode("a🦊")
    assert len(ids) == 5
    assert shipped.pieces(ids) == ["a", "⟨f0⟩", "⟨9f⟩", "⟨a6⟩", "⟨8a⟩"]
    assert {(s.char_start, s.char_end) for s in shipped.spans(ids)[1:]} == {(1, 2)}


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


@pytest.mark.parametrize(
    ("published", "ids", "end_of_text"),
    [
        ("gpt2", [20342, 612], 50256),
        ("cl100k_base", [36661, 1070], 100257),
        ("o200k_base", [48467, 1354], 199999),
    ],
    indirect=["published"],
)
def test_published_vocabularies(published, ids, end_of_text):
    assert published.encode("hey there") == ids
    assert published.pieces(ids) == ["hey", " there"]
    assert published.end_of_text == end_of_text
    assert published.end_of_text not in published.encode("<|endoftext|>")


def test_published_vocabularies_are_looked_for_before_anything_is_loaded(tmp_path, monkeypatch):
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(module.tiktoken, "get_encoding", lambda _: pytest.fail("tried to load"))
    load_tiktoken.cache_clear()
    assert set(available_encodings().values()) == {None}
    for name in ("gpt2", "no such vocabulary"):
        with pytest.raises(TokenizerError, match="not on this machine"):
            load_tiktoken(name)


def test_a_damaged_published_file_is_refused_without_a_download(tmp_path, monkeypatch):
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(module.tiktoken, "get_encoding", lambda _: pytest.fail("tried to load"))
    load_tiktoken.cache_clear()
    for path in module._cached_paths("cl100k_base"):
        path.write_bytes(b"truncated")
    with pytest.raises(TokenizerError, match="not on this machine"):
        load_tiktoken("cl100k_base")


def test_a_missing_vocabulary_file(tmp_path):
    with pytest.raises(TokenizerError, match="cannot be read"):
        read_vocabulary(tmp_path / "fable.json")


@given(st.integers(min_value=0, max_value=SHIPPED_VOCABULARY.stat().st_size - 3))
@settings(max_examples=30)
def test_a_truncated_vocabulary_file(tmp_path_factory, size):
    path = tmp_path_factory.mktemp("vocabulary") / "fable.json"
    path.write_bytes(SHIPPED_VOCABULARY.read_bytes()[:size])
    with pytest.raises(TokenizerError, match="is damaged"):
        read_vocabulary(path)


@pytest.mark.parametrize("key", ["pattern", "merges", "special_tokens"])
def test_a_changed_vocabulary_file_does_not_fit_its_checksum(tmp_path, key):
    vocabulary = json.loads(SHIPPED_VOCABULARY.read_text())
    vocabulary[key] = {
        "pattern": r"\w+",
        "merges": vocabulary["merges"][:-1],
        "special_tokens": {"<|endoftext|>": 0},
    }[key]
    path = tmp_path / "fable.json"
    path.write_text(json.dumps(vocabulary))
    with pytest.raises(TokenizerError, match="checksum"):
        read_vocabulary(path)


@pytest.mark.parametrize("content", ["[]", "{}", "null", '{"merges": 3}'])
def test_another_json_file_is_no_vocabulary(tmp_path, content):
    path = tmp_path / "fable.json"
    path.write_text(content)
    with pytest.raises(TokenizerError, match="is damaged"):
        read_vocabulary(path)
