"""The vocabulary in a GGUF header."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gguf.constants import TokenType

from transformer_core.published import word_patterns
from transformer_core.published.byte_pair_encoding import BytePairEncoding
from transformer_core.published.vocabulary import (
    AddedToken,
    NormalForm,
    PublishedVocabulary,
    stop_ids,
)
from transformer_core.tokenizer import Tokenizer, TokenizerError

# How words are cut, by the names that llama.cpp gives to vocabularies that cut them alike.
_PATTERNS = {
    **dict.fromkeys(("gpt-2", "phi-2", "mpt", "olmo"), word_patterns.GPT2),
    **dict.fromkeys(("smollm", "starcoder", "refact", "command-r"), word_patterns.SINGLE_DIGITS),
    **dict.fromkeys(("llama-bpe", "llama3", "llama-v3"), word_patterns.LLAMA3),
    "qwen2": word_patterns.QWEN2,
}
# What the name implies besides, and the file does not say.
_WHOLE_WORDS = ("llama-bpe", "llama3", "llama-v3")
_NORMAL_FORMS: dict[str, NormalForm] = {"qwen2": "NFC"}
_KEY = "tokenizer.ggml."
_ENDS = ("eos_token_id", "eot_token_id", "eom_token_id")
_SPECIAL = (TokenType.CONTROL, TokenType.UNKNOWN)


def tokenizer_of(values: Mapping[str, Any], file_name: str, n_rows: int) -> Tokenizer:
    """The tokenizer that the header's values describe, for a model of so many tokens.

    Raises:
        TokenizerError: for a vocabulary that is no byte-level one, damaged, or of another model.
    """
    try:
        vocabulary = _vocabulary(values, file_name, n_rows)
        named = [values[_KEY + name] for name in _ENDS if _KEY + name in values]
        stop = stop_ids(vocabulary.special_tokens, map(int, named))
        template = values.get("tokenizer.chat_template")
        encoding = BytePairEncoding(vocabulary)
    except KeyError as error:
        raise TokenizerError(f"{file_name} lacks {error.args[0]}.") from error
    except (ValueError, TypeError, AttributeError, IndexError) as error:
        raise TokenizerError(f"The vocabulary in {file_name} is damaged ({error}).") from error
    return Tokenizer(encoding, stop_ids=stop, chat_template=template and str(template))


def _vocabulary(values: Mapping[str, Any], file_name: str, n_rows: int) -> PublishedVocabulary:
    words = way_of_words(values, file_name)
    tokens = values[f"{_KEY}tokens"]
    kinds = [TokenType(kind) for kind in values.get(f"{_KEY}token_type", [1] * len(tokens))]
    merges = [merge.split(" ") for merge in values[f"{_KEY}merges"]]
    by_kind = list(zip(tokens, range(len(tokens)), kinds, strict=True))
    unknown = values.get(f"{_KEY}unknown_token_id")
    return PublishedVocabulary(
        name=file_name,
        pattern=_PATTERNS[words],
        tokens={token: i for token, i, kind in by_kind if kind == TokenType.NORMAL},
        merges=[(left, right) for left, right in merges],
        added=tuple(
            AddedToken(token, i, special=kind in _SPECIAL)
            for token, i, kind in by_kind
            if kind in (*_SPECIAL, TokenType.USER_DEFINED)
        ),
        unknown=None if unknown is None else range(len(tokens))[unknown],
        whole_words=words in _WHOLE_WORDS,
        normal_form=_NORMAL_FORMS.get(words),
        n_rows=n_rows,
    )


def way_of_words(values: Mapping[str, Any], file_name: str) -> str:
    """The name of a known way to cut words; the first files of GPT-2 did not give theirs.

    Raises:
        TokenizerError: for another kind of vocabulary, or a way that is not known.
    """
    model = values.get(f"{_KEY}model")
    if model != "gpt2":
        raise TokenizerError(
            f"The vocabulary in {file_name} is of the kind {model!r} (SentencePiece's is 'llama'); "
            "only byte-level BPE, 'gpt2', is supported."
        )
    default = "gpt-2" if values.get("general.architecture") == "gpt2" else "none"
    name = str(values.get(f"{_KEY}pre", default))
    if name not in _PATTERNS:
        raise TokenizerError(
            f"The vocabulary in {file_name} cuts words in an unknown way ({name}); known are "
            f"{', '.join(_PATTERNS)}."
        )
    return name
