import os
from pathlib import Path

import pytest

from transformer_core.published import tiktoken_files as module
from transformer_core.published.tiktoken_files import available_encodings, load_tiktoken
from transformer_core.tokenizer import TokenizerError

NEIGHBOUR = Path(__file__).parents[3] / "shared" / "tiktoken_cache"


@pytest.fixture
def published(monkeypatch, request):
    """A published vocabulary, or a skip where its file is not on this machine."""
    if "TIKTOKEN_CACHE_DIR" not in os.environ and NEIGHBOUR.is_dir():
        monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(NEIGHBOUR))
    if available_encodings()[request.param] is None:
        pytest.skip(f"{request.param} is not in tiktoken's cache folder")
    return load_tiktoken(request.param)


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
