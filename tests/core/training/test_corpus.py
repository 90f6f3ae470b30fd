import json
import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from transformer_core.shipped_vocabulary import load_shipped, read_vocabulary
from transformer_core.training.corpus import Mixture, held_out, prepare, read_index
from transformer_core.training.documents import (
    CorpusError,
    books,
    clean,
    picture_books,
    read_source,
    stories,
    verse,
    whole_documents,
)

ROOT = Path(__file__).parents[3]
WORDS = ["cat", "dog", "sun", "tree", "ran", "saw", "big", "red", "and", "the"]


def story(number):
    words = np.random.default_rng(number).choice(WORDS, 60)
    return f"Story {number} began. {' '.join(words)}.\n\nThe end of {number}."


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("corpus")


@pytest.fixture(scope="module")
def tokens(folder):
    """Token files of two sources: 300 short stories, and one piece of verse."""
    corpus = folder / "text"
    corpus.mkdir()
    separated = "\n<|endoftext|>\n".join(map(story, range(300)))
    (corpus / "tinystories.txt").write_text(separated)
    (corpus / "tinyshakespeare.txt").write_text("\n\n".join(f"KING:\nSay {i}" for i in range(500)))
    prepare(corpus, folder / "tokens", processes=1)
    return folder / "tokens"


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("“It’s”—he…", '"It\'s"--he...'),
        ("a\u200b b\ufeff\x07c  d", "a bc d"),
        ("so _very_ good snake_case_name", "so very good snake_case_name"),
        ("a [Illustration: a hen] b", "a b"),
        ("cafÃ© â\x80\x98so", "café 'so"),
        ("one \r\n two", "one\ntwo"),
        ("Ã alone", "Ã alone"),
    ],
)
def test_clean(raw, cleaned):
    assert clean(raw) == cleaned


@given(st.text())
def test_clean_text_has_no_typography(text):
    cleaned = clean(text + "\r\n’  —")
    assert not set(cleaned) & set("\r\t\x00\u200b\ufeff‘’“”–—…")
    assert "  " not in cleaned


def test_layouts():
    assert stories("A.\n\nB.\n<|endoftext|>\nC.\nOnce upon a time D.\n") == [
        *("A.\nB.", "C.", "Once upon a time D.")
    ]
    assert stories("Same.\n<|endoftext|>\nSame.") == ["Same."]
    assert picture_books("Goat and\nCow ran.\nThe end.") == ["Goat and Cow ran.\nThe end."]
    assert verse("KING:\nAy.\n\nQUEEN:\nNo.\n") == ["KING:\nAy.\n\nQUEEN:\nNo."]
    long = "word " * 1_300
    assert [
        len(book) > 6_000 for book in books(f"{long}\n<|endoftext|>\nend\n<|endoftext|>\nB")
    ] == [*(True, False)]


@given(st.lists(st.text("abc ", min_size=1, max_size=20), min_size=2, unique=True))
def test_a_document_is_trained_on_or_held_out(documents):
    split = whole_documents(documents)
    assert split.held_out
    assert sorted(split.train + split.held_out) == sorted(documents)
    assert whole_documents(documents[::-1]).held_out == split.held_out


def test_held_out_share():
    documents = [story(i) for i in range(2_000)]
    split = whole_documents(documents)
    share = sum(map(len, split.held_out)) / sum(map(len, documents))
    assert 0.014 < share <= 0.015


def test_every_document_is_followed_by_the_end_of_text(tokens):
    tokenizer = load_shipped()
    index = read_index(tokens)
    entry = index["sources"]["tinystories"]["train"]
    ids = np.fromfile(tokens / entry["file"], dtype="<u2")
    assert len(ids) == entry["tokens"]
    assert (ids == tokenizer.end_of_text).sum() == entry["documents"] == 296
    assert ids[-1] == tokenizer.end_of_text
    text = tokenizer.decode(ids.tolist())
    assert len(text.replace("<|endoftext|>", "").encode()) == entry["bytes"]
    assert "Story 1 began." in text


def test_no_held_out_story_is_trained_on(tokens):
    tokenizer = load_shipped()
    held = tokenizer.decode(held_out(tokens, "tinystories").tokens.tolist()).split("<|endoftext|>")
    train = np.fromfile(tokens / "tinystories.train.bin", dtype="<u2").tolist()
    in_training = set(tokenizer.decode(train).split("<|endoftext|>")) - {""}
    assert len(held) > 1
    assert not in_training & set(held)
    assert held_out(tokens, "tinystories").n_bytes == sum(map(len, held))


def test_a_single_piece_holds_out_its_last_tenth(tokens):
    parts = read_index(tokens)["sources"]["tinyshakespeare"]
    share = parts["held_out"]["bytes"] / (parts["train"]["bytes"] + parts["held_out"]["bytes"])
    assert math.isclose(share, 0.1, abs_tol=0.005)


def mixture(tokens, **options):
    weights = {"tinystories": 3.0, "tinyshakespeare": 1.0}
    return Mixture(tokens, weights, **{"context_length": 64, "batch_size": 8, "seed": 1} | options)


def test_batches_are_a_function_of_seed_and_step(tokens):
    first, again = mixture(tokens, repeated=0.5), mixture(tokens, repeated=0.5)
    first.batch(0)
    assert all(torch.equal(a, b) for a, b in zip(first.batch(7), again.batch(7), strict=True))
    assert not torch.equal(first.batch(7)[0], first.batch(8)[0])
    assert not torch.equal(first.batch(7)[0], mixture(tokens, seed=2, repeated=0.5).batch(7)[0])


def test_targets_are_the_inputs_one_place_on(tokens):
    inputs, targets = mixture(tokens, repeated=0.3).batch(3)
    assert inputs.shape == targets.shape == (8, 64)
    assert inputs.dtype == targets.dtype == torch.int64
    assert torch.equal(inputs[:, 1:], targets[:, :-1])


def test_weights_are_the_sources_shares(tokens):
    king = load_shipped().encode("KING")[0]
    inputs, _ = mixture(tokens, batch_size=2_000).batch(0)
    share = (inputs == king).any(dim=1).double().mean().item()
    assert abs(share - 0.25) < 0.05


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_the_repeated_share(tokens, share):
    options = {"context_length": 128, "batch_size": 1_000, "repeated": share}
    inputs = Mixture(tokens, {"tinystories": 1.0}, seed=5, **options).batch(0)[0].numpy()
    found = np.array([ends_in_a_copy(row) for row in inputs])
    assert abs(found.mean() - share) < 0.05


def ends_in_a_copy(row):
    """Whether the last 8 ids stood in the sequence before, at a distance of at least 4."""
    return any(np.array_equal(row[-8:], row[-8 - d : -d]) for d in range(4, len(row) // 2 + 1))


def test_half_of_the_repeats_are_random_ids_and_half_of_those_are_drawn_evenly(tokens):
    options = {"context_length": 128, "batch_size": 1_000, "repeated": 1.0}
    inputs = Mixture(tokens, {"tinystories": 1.0}, seed=5, **options).batch(0)[0].numpy()
    from_the_start = [
        any(np.array_equal(row[d:], row[:-d]) for d in range(4, 65)) for row in inputs
    ]
    in_the_text = np.fromfile(tokens / "tinystories.train.bin", dtype="<u2")
    assert 0.47 < np.mean(from_the_start) < 0.58
    assert 0.2 < (~np.isin(inputs, in_the_text)).any(axis=1).mean() < 0.3


def test_unusable_corpora(tmp_path):
    with pytest.raises(CorpusError, match="No text to train on"):
        prepare(tmp_path / "absent", tmp_path / "out")
    with pytest.raises(CorpusError, match="No text to train on"):
        prepare(tmp_path, tmp_path / "out")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "holds no text"),
        (b"<|endoftext|>\n \n", "holds no text"),
        (b"\x89PNG\xff\xfe", "cannot be read as UTF-8"),
        (b"a\x00b", "zero bytes"),
        (b"short", "nothing to hold out"),
    ],
)
def test_unusable_files(tmp_path, content, message):
    path = tmp_path / "source.txt"
    path.write_bytes(content)
    with pytest.raises(CorpusError, match=message):
        read_source(path)


def test_unusable_token_folders(tokens, tmp_path):
    with pytest.raises(CorpusError, match="prepare the corpus first"):
        read_index(tmp_path)
    index = json.loads((tokens / "index.json").read_text())
    (tmp_path / "index.json").write_text(json.dumps(index | {"tokenizer_sha256": "0"}))
    with pytest.raises(CorpusError, match="another vocabulary"):
        read_index(tmp_path)
    with pytest.raises(CorpusError, match="No source 'novels'"):
        held_out(tokens, "novels")
    with pytest.raises(CorpusError, match="shorter than"):
        mixture(tokens, context_length=10**6)


def run(module, *arguments):
    command = [sys.executable, "-m", f"transformer_core.training.{module}", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)


def test_command_lines(folder, tokens, tmp_path):
    done = run("corpus", folder / "text", "--out", tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "tinystories.train.bin").read_bytes() == (
        tokens / "tinystories.train.bin"
    ).read_bytes()
    for module in ("corpus", "vocabulary"):
        refused = run(module, folder / "absent", "--out", tmp_path / module)
        assert refused.returncode == 1
        assert "Traceback" not in refused.stderr


def test_vocabulary_command_line(tmp_path):
    for source in ("tinystories", "african_storybook", "childrens_books", "easy_prose"):
        text = "\n<|endoftext|>\n".join(map(story, range(20)))
        (tmp_path / f"{source}.txt").write_text(text)
    done = run("vocabulary", tmp_path, "--size", 300, "--name", "small", "--out", tmp_path)
    assert done.returncode == 0, done.stderr
    vocabulary = read_vocabulary(tmp_path / "small.json")
    assert len(vocabulary.merges) == 300 - 257
    assert vocabulary.special_tokens == {"<|endoftext|>": 299}
    assert vocabulary.learnt_from[0]["source"] == "tinystories"
