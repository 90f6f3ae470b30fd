import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transformer_core.shipped_vocabulary import SHIPPED_VOCABULARY, load_shipped, read_vocabulary
from transformer_core.tokenizer import TokenizerError


def test_shipped_vocabulary_has_4096_ids_the_last_of_them_the_end_of_text():
    shipped = load_shipped()
    assert (shipped.name, shipped.n_vocab, shipped.end_of_text) == ("fable", 4096, 4095)
    assert shipped.token_bytes(4095) == b"<|endoftext|>"
    assert sorted(shipped.ranks.values()) == list(range(4095))
    assert {m.merged: m.rank for m in read_vocabulary().merges}.items() <= shipped.ranks.items()


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
