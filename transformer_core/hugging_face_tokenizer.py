"""Published byte-level vocabularies, from tokenizer.json or from vocab.json and merges.txt."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import tiktoken

from transformer_core.tokenizer import Tokenizer, TokenizerError

_GPT2_PATTERN = r"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
# Each digit alone; a run of blanks before one stays whole, as GPT-2's pattern sees an end there.
_SINGLE_DIGITS_PATTERN = (
    r"'(?:[sdmt]|ll|ve|re)|\p{N}| ?\p{L}+| ?[^\s\p{L}\p{N}]+|\s+(?![^\s\p{N}])|\s+"
)
_BYTE_LEVEL = {"type": "ByteLevel", "add_prefix_space": False}
_SPLIT = {"type": "Split", "behavior": "Isolated", "invert": False}
_DIGITS = {"type": "Digits", "individual_digits": True}


def load_hugging_face_tokenizer(folder: Path) -> Tokenizer:
    """The tokenizer of a model's folder, without the special tokens that a chat puts around a text.

    Raises:
        TokenizerError: says why a vocabulary is not a byte-level one, or what is missing.
    """
    try:
        if (folder / "tokenizer.json").is_file():
            encoding = _from_tokenizer_json(folder)
        elif (folder / "merges.txt").is_file():
            encoding = _from_merges(folder)
        else:
            raise TokenizerError(_absent(folder))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise TokenizerError(f"The vocabulary in {folder} is damaged ({error}).") from error
    return Tokenizer(encoding)


def _absent(folder: Path) -> str:
    if (folder / "tokenizer.model").is_file():
        return f"The vocabulary in {folder} is SentencePiece's; only byte-level ones are supported."
    return f"{folder} holds no tokenizer.json, and no vocab.json with merges.txt."


def _from_tokenizer_json(folder: Path) -> tiktoken.Encoding:
    recorded = json.loads((folder / "tokenizer.json").read_text("utf-8"))
    model = recorded["model"]
    kind = model.get("type", "BPE")
    if kind != "BPE" or model.get("byte_fallback"):
        raise TokenizerError(
            f"The vocabulary in {folder} is SentencePiece's or another kind ({kind}); "
            "only byte-level BPE is supported."
        )
    if normalizer := recorded.get("normalizer"):
        raise TokenizerError(
            f"The vocabulary in {folder} changes texts first (normalizer {normalizer['type']}); "
            "that is not supported."
        )
    merges = [merge.split(" ") if isinstance(merge, str) else merge for merge in model["merges"]]
    added = {token["content"]: token["id"] for token in recorded.get("added_tokens", [])}
    pattern = _pattern(recorded.get("pre_tokenizer"), folder)
    return _encoding(folder, pattern, model["vocab"], merges, added)


def _from_merges(folder: Path) -> tiktoken.Encoding:
    """GPT-2's own pair of files, which imply GPT-2's pattern."""
    lines = (folder / "merges.txt").read_text("utf-8").splitlines()
    merges = [line.split(" ") for line in lines if line and not line.startswith("#version")]
    vocabulary = json.loads((folder / "vocab.json").read_text("utf-8"))
    return _encoding(folder, _GPT2_PATTERN, vocabulary, merges, {})


def _pattern(pre_tokenizer: Any, folder: Path) -> str:
    """The regular expression that cuts texts into words, for the three known ways to write it."""
    steps = pre_tokenizer.get("pretokenizers", [pre_tokenizer])
    *before, byte_level = steps
    byte_level = {"use_regex": True} | byte_level
    if _BYTE_LEVEL.items() <= byte_level.items():
        if byte_level["use_regex"] and not before:
            return _GPT2_PATTERN
        if byte_level["use_regex"] and before == [_DIGITS]:
            return _SINGLE_DIGITS_PATTERN
        if not byte_level["use_regex"] and len(before) == 1 and _SPLIT.items() <= before[0].items():
            return before[0]["pattern"]["Regex"]
    kinds = ", ".join(step["type"] for step in steps)
    raise TokenizerError(f"The vocabulary in {folder} cuts words in an unknown way ({kinds}).")


def _encoding(
    folder: Path,
    pattern: str,
    vocabulary: Mapping[str, int],
    merges: Sequence[Sequence[str]],
    added: Mapping[str, int],
) -> tiktoken.Encoding:
    """tiktoken joins the pair with the lowest id first, so ids must follow the merges' order."""
    joined = [left + right for left, right in merges]
    if any(vocabulary[a] > vocabulary[b] for a, b in pairwise(joined)):
        raise TokenizerError(f"The ids of the vocabulary in {folder} are not in its merges' order.")
    byte_of = _bytes_by_character()
    reachable = {*byte_of, *joined}
    ranks = {bytes(byte_of[c] for c in token): vocabulary[token] for token in reachable}
    rest = {token: i for token, i in vocabulary.items() if token not in reachable}
    return tiktoken.Encoding(
        folder.name, pat_str=pattern, mergeable_ranks=ranks, special_tokens=rest | dict(added)
    )


def _bytes_by_character() -> dict[str, int]:
    """GPT-2 writes each byte as a printable character: itself, or the next free one from U+0100."""
    printable = {*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)}
    others = [byte for byte in range(256) if byte not in printable]
    shifted = {chr(256 + place): byte for place, byte in enumerate(others)}
    return {chr(byte): byte for byte in sorted(printable)} | shifted
