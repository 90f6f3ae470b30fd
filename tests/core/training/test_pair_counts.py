"""Tokens and pairs of a prepared folder, from the command line to the record."""

import json
import sys

import pytest

from transformer_core.lens.pair_statistics import load_pairs
from transformer_core.shipped_vocabulary import load_shipped
from transformer_core.training import pair_counts
from transformer_core.training.corpus import prepare


def test_a_folder_is_counted(tmp_path, monkeypatch):
    corpus = tmp_path / "text"
    corpus.mkdir()
    stories = (f"Tim had a red ball. Tim had {i} cats." for i in range(60))
    (corpus / "tinystories.txt").write_text("\n<|endoftext|>\n".join(stories), "utf-8")
    prepare(corpus, tmp_path / "tokens", processes=1)
    out = tmp_path / "model"
    out.mkdir()
    monkeypatch.setattr(sys, "argv", ["pair_counts", str(tmp_path / "tokens"), "--out", str(out)])
    pair_counts.main()
    pairs, encode = load_pairs(out / "pairs.safetensors"), load_shipped().encode
    (red,), (ball,) = encode(" red"), encode(" ball")
    assert float(pairs.bigram(red)[ball]) > 0.95
    record = json.loads((out / "pairs.json").read_text("utf-8"))
    lost = record["held_out"]["tinystories"]
    assert lost["bigram"] < lost["unigram"]
    monkeypatch.setattr(sys, "argv", ["pair_counts", str(tmp_path), "--out", str(out)])
    with pytest.raises(SystemExit):
        pair_counts.main()
