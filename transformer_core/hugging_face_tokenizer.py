"""Published byte-level vocabularies, from tokenizer.json or from vocab.json and merges.txt."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from transformer_core.bpe import END_OF_TEXT
from transformer_core.checkpoints import CONFIG_FILE
from transformer_core.published import word_patterns
from transformer_core.published.byte_pair_encoding import BytePairEncoding
from transformer_core.published.vocabulary import (
    NORMAL_FORMS,
    AddedToken,
    NormalForm,
    PublishedVocabulary,
    stop_ids,
)
from transformer_core.tokenizer import Tokenizer, TokenizerError

VOCABULARY_FILE = "tokenizer.json"
OLDER_FILES = ("vocab.json", "merges.txt")
SETTING_FILES = ("tokenizer_config.json", "generation_config.json", "chat_template.jinja")
_DAMAGED = (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError)
_BYTE_LEVEL = {"type": "ByteLevel", "add_prefix_space": False}
_SPLIT = {"type": "Split", "behavior": "Isolated", "invert": False}
_DIGITS = {"type": "Digits", "individual_digits": True}


def load_hugging_face_tokenizer(folder: Path) -> Tokenizer:
    """The tokenizer of a model's folder, without the special tokens that a chat puts around a text.

    Raises:
        TokenizerError: says why a vocabulary is not a byte-level one, does not fit the model beside
            it, or what is missing.
    """
    try:
        config, settings, generation = (
            _json(folder / name) for name in (CONFIG_FILE, *SETTING_FILES[:2])
        )
        if (folder / VOCABULARY_FILE).is_file():
            vocabulary = _from_tokenizer_json(folder, config.get("vocab_size"))
        elif (folder / OLDER_FILES[1]).is_file():
            vocabulary = _from_merges(folder, config.get("vocab_size"))
        else:
            raise TokenizerError(_absent(folder))
        ends = [*_ids(config.get("eos_token_id")), *_ids(generation.get("eos_token_id"))]
        stop = stop_ids(vocabulary.special_tokens, ends)
        template = _chat_template(folder, settings.get("chat_template"))
        return Tokenizer(BytePairEncoding(vocabulary), stop_ids=stop, chat_template=template)
    except OSError as error:
        raise TokenizerError(f"The vocabulary cannot be read ({error.strerror}).") from error
    except _DAMAGED as error:
        raise TokenizerError(f"The vocabulary's files are damaged ({error}).") from error


def _json(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text("utf-8"))) if path.is_file() else {}


def _ids(named: int | list[int] | None) -> list[int]:
    if named is None:
        return []
    return [named] if isinstance(named, int) else list(named)


def _chat_template(folder: Path, named: Any) -> str | None:
    """A file of its own, one string, or several of which one is the default."""
    if (folder / SETTING_FILES[2]).is_file():
        return (folder / SETTING_FILES[2]).read_text("utf-8")
    if isinstance(named, list):
        named = {each["name"]: each["template"] for each in named}.get("default")
    return named


def _absent(folder: Path) -> str:
    if (folder / "tokenizer.model").is_file():
        return (
            "The vocabulary is SentencePiece's (tokenizer.model); only byte-level ones are "
            "supported."
        )
    return f"There is no {VOCABULARY_FILE}, and no {' with '.join(OLDER_FILES)}."


def _from_tokenizer_json(folder: Path, n_rows: int | None) -> PublishedVocabulary:
    recorded = _json(folder / VOCABULARY_FILE)
    model = recorded["model"]
    kind = model.get("type", "BPE")
    odd = [name for name in ("continuing_subword_prefix", "end_of_word_suffix") if model.get(name)]
    if kind != "BPE" or model.get("byte_fallback") or odd:
        raise TokenizerError(
            f"The vocabulary in {VOCABULARY_FILE} is SentencePiece's or another kind "
            f"({', '.join([kind, *odd])}); only byte-level BPE is supported."
        )
    tokens, unknown = model["vocab"], model.get("unk_token")
    merges = [merge.split(" ") if isinstance(merge, str) else merge for merge in model["merges"]]
    return PublishedVocabulary(
        name=VOCABULARY_FILE,
        pattern=_pattern(recorded.get("pre_tokenizer")),
        tokens=tokens,
        merges=[(left, right) for left, right in merges],
        added=tuple(_added(each) for each in recorded.get("added_tokens") or ()),
        unknown=None if unknown is None else tokens[unknown],
        fuse_unknown=bool(model.get("fuse_unk")),
        whole_words=bool(model.get("ignore_merges")),
        normal_form=_normal_form(recorded.get("normalizer")),
        n_rows=n_rows,
    )


def _added(token: Mapping[str, Any]) -> AddedToken:
    flags = ("special", "normalized", "single_word", "lstrip", "rstrip")
    given = {name: bool(token.get(name)) for name in flags}
    return AddedToken(token["content"], token["id"], **given)


def _from_merges(folder: Path, n_rows: int | None) -> PublishedVocabulary:
    """GPT-2's own pair of files, which imply GPT-2's pattern and its one special token."""
    tokens = _json(folder / OLDER_FILES[0])
    lines = (folder / OLDER_FILES[1]).read_text("utf-8").splitlines()
    pairs = [line.split(" ") for line in lines if line and not line.startswith("#version")]
    ends = [AddedToken(name, tokens[name], special=True) for name in tokens.keys() & {END_OF_TEXT}]
    return PublishedVocabulary(
        name=OLDER_FILES[0],
        pattern=word_patterns.GPT2,
        tokens=tokens,
        merges=[(left, right) for left, right in pairs],
        added=tuple(ends),
        n_rows=n_rows,
    )


def _normal_form(normalizer: Any) -> NormalForm | None:
    steps = (normalizer or {"normalizers": []}).get("normalizers", [normalizer])
    kinds = [step["type"] for step in steps]
    if len(kinds) > 1 or not set(kinds) <= set(NORMAL_FORMS):
        raise TokenizerError(
            f"The vocabulary in {VOCABULARY_FILE} changes texts first ({', '.join(kinds)}); only "
            "Unicode's normal forms are supported."
        )
    return kinds[0] if kinds else None


def _pattern(pre_tokenizer: Any) -> str:
    """The regular expression that cuts texts into words, for the three known ways to write it."""
    steps = pre_tokenizer.get("pretokenizers", [pre_tokenizer])
    *before, byte_level = steps
    byte_level = {"use_regex": True} | byte_level
    if _BYTE_LEVEL.items() <= byte_level.items():
        if byte_level["use_regex"] and not before:
            return word_patterns.GPT2
        if byte_level["use_regex"] and before == [_DIGITS]:
            return word_patterns.SINGLE_DIGITS
        if not byte_level["use_regex"] and len(before) == 1 and _SPLIT.items() <= before[0].items():
            return str(before[0]["pattern"]["Regex"])
    kinds = ", ".join(step["type"] for step in steps)
    raise TokenizerError(
        f"The vocabulary in {VOCABULARY_FILE} cuts words in an unknown way ({kinds})."
    )
