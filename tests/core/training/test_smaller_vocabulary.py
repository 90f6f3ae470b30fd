"""Undoing merges gives what encoding with the smaller vocabulary gives."""

import json
from functools import cache

import numpy as np
import pytest
import tiktoken
from hypothesis import given
from hypothesis import strategies as st

from transformer_core.shipped_vocabulary import load_shipped, read_vocabulary
from transformer_core.training.corpus import INDEX, CorpusError, held_out, prepare, read_index
from transformer_core.training.smaller_vocabulary import undo_merges, with_smaller_vocabulary

STORY = "Once upon a time, Lily’s cat saw — and wanted! — the biggest fish in the village."


@cache
def smaller(n_vocab):
    vocabulary = read_vocabulary()
    ranks = {token: rank for token, rank in vocabulary.ranks.items() if rank < n_vocab - 1}
    return tiktoken.Encoding(
        "smaller", pat_str=vocabulary.pattern, mergeable_ranks=ranks, special_tokens={}
    )


@pytest.mark.parametrize("n_vocab", [257, 300, 512, 2048, 4096])
@given(text=st.text() | st.just(STORY))
def test_it_is_what_tiktoken_gives_with_fewer_merges(n_vocab, text):
    tokens = np.array(load_shipped().encode(text), dtype="<u2")
    assert undo_merges(tokens, n_vocab).tolist() == smaller(n_vocab).encode_ordinary(text)


def test_a_folder_is_made_once_and_again_when_the_text_is_another(tmp_path):
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for text in (STORY, STORY * 2):
        stories = [f"{text} The end of story {i}." for i in range(40)]
        (corpus / "tinystories.txt").write_text("\n<|endoftext|>\n".join(stories))
        prepare(corpus, tmp_path / "tokens", processes=1)
        folder = with_smaller_vocabulary(tmp_path / "tokens", 300)
        made = (folder / INDEX).stat().st_mtime_ns
        assert with_smaller_vocabulary(tmp_path / "tokens", 300) == folder
        assert (folder / INDEX).stat().st_mtime_ns == made
        tokens = held_out(folder, "tinystories").tokens
        entry = read_index(folder)["sources"]["tinystories"]["held_out"]
        assert len(tokens) == entry["tokens"]
        assert (
            smaller(300)
            .decode(tokens[:-1][tokens[:-1] < 299].tolist())
            .startswith("Once upon a time, Lily")
        )
        assert tokens[-1] == 299
    assert json.loads((folder / INDEX).read_text())["n_vocab"] == 300
    assert {path.suffix for path in (tmp_path / "tokens").iterdir()} == {"", ".bin", ".json"}


def test_a_folder_without_text_is_refused(tmp_path):
    with pytest.raises(CorpusError, match="prepare the corpus first"):
        with_smaller_vocabulary(tmp_path, 512)
