"""Text to token ids and back, with the shipped vocabulary or one that tiktoken publishes."""

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import tiktoken

from transformer_core.bpe import END_OF_TEXT, Merge

SHIPPED_VOCABULARY = Path(__file__).parents[1] / "assets" / "tokenizer" / "fable.json"
_REMEDY = "Restore it from the repository, or learn it: transformer_core.training.vocabulary."
_SLICES = re.compile(
    r".{1,100000}(?:(?<=[^\W\d_])(?= [^\W\d_])|\Z)|.{1,100000}",
    re.DOTALL,
)
_PUBLISHED = "https://openaipublic.blob.core.windows.net"
_PUBLISHED_FILES = {
    "gpt2": {
        "gpt-2/encodings/main/vocab.bpe": (
            "1ce1664773c50f3e0cc8842619a93edc4624525b728b188a9e0be33b7726adc5"
        ),
        "gpt-2/encodings/main/encoder.json": (
            "196139668be63f3b5d6574427317ae82f612a97c5d1cdaf36ed2256dbf636783"
        ),
    },
    "cl100k_base": {
        "encodings/cl100k_base.tiktoken": (
            "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7"
        ),
    },
    "o200k_base": {
        "encodings/o200k_base.tiktoken": (
            "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d"
        ),
    },
}


class TokenizerError(RuntimeError):
    """A vocabulary cannot be loaded; the message says why and what to do."""


@dataclass(frozen=True)
class Vocabulary:
    """A learnt vocabulary as its file records it; ``ranks`` maps each token's bytes to its id."""

    name: str
    pattern: str
    merges: tuple[Merge, ...]
    special_tokens: Mapping[str, int]
    learnt_from: tuple[Mapping[str, Any], ...]
    checksum: str

    @property
    def ranks(self) -> dict[bytes, int]:
        """256 bytes, then the merges in the order in which they were learnt."""
        return {bytes([i]): i for i in range(256)} | {m.merged: m.rank for m in self.merges}


@dataclass(frozen=True)
class Span:
    """Where a token lies in its text, in bytes of the UTF-8 form and in characters; ends excluded.

    The characters are those that the token touches: two tokens that share one both name it.
    """

    byte_start: int
    byte_end: int
    char_start: int
    char_end: int


class Encoding(Protocol):
    """A vocabulary at work, for texts without lone surrogates; as in `Tokenizer`."""

    name: str
    pattern: str
    n_vocab: int
    special_tokens: Mapping[str, int]
    unknown: int | None

    @property
    def ranks(self) -> Mapping[bytes, int]:
        """Of what joining leads to."""

    def encode(self, text: str) -> list[int]:
        """Special tokens in the text are plain text."""

    def token_bytes(self, token_id: int) -> bytes:
        """KeyError for an id that the model does not have."""


class TiktokenEncoding:
    """tiktoken's own, for vocabularies that have a token for each byte."""

    def __init__(self, encoding: tiktoken.Encoding) -> None:
        self._encoding = encoding
        self.name: str = encoding.name
        self.pattern: str = encoding._pat_str
        self.n_vocab: int = encoding.n_vocab
        self.special_tokens: Mapping[str, int] = encoding._special_tokens
        self.ranks: Mapping[bytes, int] = encoding._mergeable_ranks
        self.unknown: int | None = None

    def encode(self, text: str) -> list[int]:
        """Ids of a text without lone surrogates; special tokens in it are plain text.

        Texts of more than 100,000 characters go in slices, cut between words, because a million
        blanks overflow the stack of tiktoken's regular expressions.
        """
        slices = _SLICES.findall(text)
        return [token_id for part in slices for token_id in self._encoding.encode_ordinary(part)]

    def token_bytes(self, token_id: int) -> bytes:
        """KeyError for an id that stands for none."""
        if token_id < 0:
            raise KeyError(token_id)
        return self._encoding.decode_single_token_bytes(token_id)


class Tokenizer:
    """A byte-level tokenizer, by default ``decode(encode(text)) == text`` for every valid text.

    A published vocabulary may lack bytes, or bring a text into another normal form first.

    Args:
        encoding: the vocabulary at work.
        checksum: of the file that it comes from, if that names one.
        stop_ids: the tokens with which a text, or a turn, ends; by default the end of text.
        chat_template: how the publisher lays out a conversation, in Jinja's language.

    `unknown` is what a byte without a token becomes; None where each has one, or is left out.
    """

    def __init__(
        self,
        encoding: Encoding,
        checksum: str | None = None,
        stop_ids: Collection[int] | None = None,
        chat_template: str | None = None,
    ) -> None:
        self._encoding = encoding
        self.checksum = checksum
        self.chat_template = chat_template
        self.name = encoding.name
        self.n_vocab = encoding.n_vocab
        self.pattern = encoding.pattern
        self.special_tokens = encoding.special_tokens
        self.unknown = encoding.unknown
        self.end_of_text = self.special_tokens.get(END_OF_TEXT)
        ends = () if self.end_of_text is None else (self.end_of_text,)
        self.stop_ids = frozenset(ends if stop_ids is None else stop_ids)

    @property
    def ranks(self) -> Mapping[bytes, int]:
        """Bytes and id of each token that joining leads to; lower ids are joined first."""
        return self._encoding.ranks

    def encode(self, text: str) -> list[int]:
        """Ids of a text; ``<|endoftext|>`` in it is plain text, a lone surrogate is U+FFFD."""
        return self._encoding.encode(valid_unicode(text))

    def decode(self, ids: list[int]) -> str:
        """Text of ids; bytes that are no UTF-8 become U+FFFD. KeyError for an unknown id."""
        return b"".join(map(self.token_bytes, ids)).decode("utf-8", "replace")

    def token_bytes(self, token_id: int) -> bytes:
        """The bytes that one id stands for; KeyError for an id that the model does not have.

        Empty for a row of the model that belongs to no token.
        """
        return self._encoding.token_bytes(token_id)

    def pieces(self, ids: list[int]) -> list[str]:
        """What to show for each id: its text, or ``⟨e2 80⟩`` for a part of a character."""
        return [_shown(self.token_bytes(token_id), token_id) for token_id in ids]

    def spans(self, ids: list[int]) -> list[Span]:
        """Where each id lies in ``decode(ids)``, which must be valid UTF-8 as a whole."""
        tokens = [self.token_bytes(token_id) for token_id in ids]
        text = b"".join(tokens).decode("utf-8")
        character = [i for i, char in enumerate(text) for _ in char.encode()]
        spans, start = [], 0
        for token in tokens:
            end = start + len(token)
            first = character[start] if start < len(character) else len(text)
            spans.append(Span(start, end, first, character[end - 1] + 1 if token else first))
            start = end
        return spans


def valid_unicode(text: str) -> str:
    """The text with each lone surrogate, which has no UTF-8 form, replaced by U+FFFD."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _shown(token: bytes, token_id: int) -> str:
    if token == b"":
        return f"⟨unused {token_id}⟩"
    try:
        return token.decode("utf-8")
    except UnicodeDecodeError:
        return f"⟨{token.hex(' ')}⟩"


@cache
def load_shipped() -> Tokenizer:
    """The vocabulary of this project's own models; TokenizerError if it cannot be read."""
    vocabulary = read_vocabulary(SHIPPED_VOCABULARY)
    encoding = tiktoken.Encoding(
        vocabulary.name,
        pat_str=vocabulary.pattern,
        mergeable_ranks=vocabulary.ranks,
        special_tokens=dict(vocabulary.special_tokens),
    )
    return Tokenizer(TiktokenEncoding(encoding), vocabulary.checksum)


def read_vocabulary(path: Path = SHIPPED_VOCABULARY) -> Vocabulary:
    """A vocabulary file, checked; TokenizerError if it is missing or damaged."""
    try:
        recorded = json.loads(path.read_text(encoding="utf-8"))
        checksum = vocabulary_checksum(recorded)
        merges = tuple(_merge(256 + place, *row) for place, row in enumerate(recorded["merges"]))
        vocabulary = Vocabulary(
            recorded["name"],
            recorded["pattern"],
            merges,
            recorded["special_tokens"],
            tuple(recorded["learnt_from"]),
            recorded["sha256"],
        )
    except OSError as error:
        raise TokenizerError(
            f"The vocabulary file {path.name} cannot be read. {_REMEDY}"
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise TokenizerError(f"The vocabulary file {path.name} is damaged. {_REMEDY}") from error
    if checksum != vocabulary.checksum:
        raise TokenizerError(
            f"The vocabulary file {path.name} does not fit its checksum. {_REMEDY}"
        )
    return vocabulary


def _merge(rank: int, left: str, right: str, count: int) -> Merge:
    left_bytes, right_bytes = left.encode("latin-1"), right.encode("latin-1")
    return Merge(rank, left_bytes, right_bytes, left_bytes + right_bytes, count)


def vocabulary_checksum(vocabulary: Mapping[str, Any]) -> str:
    """SHA-256 of everything that decides how a text is cut into tokens."""
    deciding = [vocabulary[key] for key in ("pattern", "special_tokens", "merges")]
    return hashlib.sha256(json.dumps(deciding).encode()).hexdigest()


def available_encodings() -> dict[str, Path | None]:
    """Where each published vocabulary lies in tiktoken's cache folder, None if it does not.

    A damaged file counts as absent: tiktoken would delete it and fetch it again.
    """
    return {name: _cached_file(name) for name in _PUBLISHED_FILES}


def _cached_file(name: str) -> Path | None:
    paths = _cached_paths(name)
    intact = all(
        path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == expected
        for path, expected in zip(paths, _PUBLISHED_FILES[name].values(), strict=True)
    )
    return paths[0] if intact else None


def _cached_paths(name: str) -> list[Path]:
    urls = [f"{_PUBLISHED}/{file}" for file in _PUBLISHED_FILES[name]]
    return [_cache_folder() / hashlib.sha1(url.encode()).hexdigest() for url in urls]


def _cache_folder() -> Path:
    default = Path(tempfile.gettempdir()) / "data-gym-cache"
    for variable in ("TIKTOKEN_CACHE_DIR", "DATA_GYM_CACHE_DIR"):
        if variable in os.environ:
            return Path(os.environ[variable])
    return default


@cache
def load_tiktoken(name: str) -> Tokenizer:
    """A published vocabulary from tiktoken's cache folder, never from the network."""
    if name not in _PUBLISHED_FILES or _cached_file(name) is None:
        raise TokenizerError(
            f"The vocabulary {name} is not on this machine: "
            "put its file into the folder that TIKTOKEN_CACHE_DIR names."
        )
    return Tokenizer(TiktokenEncoding(tiktoken.get_encoding(name)))
