"""What the Tokenize lesson's scripts make of k merges, against tiktoken."""

import base64
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import tiktoken

import pages.n1_forward_pass.tokenize.tokenize_board as board
from pages.n1_forward_pass.tokenize.tokenize_board import (
    pack_tokenize_board,
    shown_text,
)
from tests.js.golden import compare
from tests.lessons.tokenize.texts import TEXTS, smaller
from tests.ui.unpacking import unpack
from transformer_core.published.tiktoken_files import load_tiktoken
from transformer_core.shipped_vocabulary import read_vocabulary
from transformer_core.tokenizer import Tokenizer, TokenizerError
from ui.models import load
from ui.state import read_state

HERE = Path(__file__).parent
SIZES = (0, 1, 7, 100, 999, 3_839)


def cut_of(tokenizer: Tokenizer, text: str) -> tuple[list[str], list[int]]:
    """Bytes, as characters 0 to 255, and ids."""
    ids = tokenizer.encode(text)
    return [tokenizer.token_bytes(i).decode("latin-1") for i in ids], ids


def message(text: str, model: str = "fable-classic") -> tuple[bytes, str]:
    """What the board is sent of a text, and what of the text it shows."""
    now = read_state({"text": text})
    histories = board.histories_of(model, now.text)
    packed = pack_tokenize_board(replace(now, model_name=model), histories, 0)
    return packed, shown_text(histories)


def case(packed: bytes, shown: str, cuts: list[tuple[int, list[str], list[int]]]) -> dict[str, Any]:
    return {"packed": base64.b64encode(packed).decode(), "shown": shown, "cuts": cuts}


def test_first_joins_of_a_word_are_what_a_smaller_vocabulary_makes(tmp_path):
    few = {merges: smaller(merges) for merges in SIZES}
    texts = []
    for text in TEXTS:
        packed, shown = message(text)
        cuts = [(merges, *cut_of(tokenizer, shown)) for merges, tokenizer in few.items()]
        texts.append(case(packed, shown, cuts))
    learnt = [
        (merge.left.decode("latin-1"), merge.right.decode("latin-1"), merge.count)
        for merge in read_vocabulary().merges
    ]
    compare(HERE / "merge_replay.golden.js", tmp_path, {"texts": texts, "learnt": learnt})


def test_another_vocabulary_has_joins_but_no_counts(monkeypatch, tmp_path):
    try:
        tokenizer = load_tiktoken("gpt2")
    except TokenizerError:
        pytest.skip("gpt2 is not in tiktoken's cache folder")
    loaded = load("fable-classic")
    monkeypatch.setattr(board, "load", lambda name: replace(loaded, name=name, tokenizer=tokenizer))
    packed, shown = message("In 2024, extraordinarily 🦊", "a gpt2")
    parts, ids = cut_of(tokenizer, shown)
    assert ids == tiktoken.get_encoding("gpt2").encode(shown)
    header, arrays = unpack(packed)
    assert (header["n_merges"], arrays["pairs"].shape) == (50_000, (0, 3))
    assert header["byte_ids"][ord("!")] == 0
    texts = [case(packed, shown, [(50_000, parts, ids)])]
    compare(HERE / "merge_replay.golden.js", tmp_path, {"texts": texts, "learnt": []})
