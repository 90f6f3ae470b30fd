"""Text to token ids and back, whoever made the vocabulary."""

import re
from collections.abc import Collection, Mapping
from typing import Protocol

import tiktoken

from transformer_core.bpe import END_OF_TEXT

_SLICES = re.compile(r".{1,100000}(?:(?<=[^\W\d_])(?= [^\W\d_])|\Z)|.{1,100000}", re.DOTALL)


class TokenizerError(RuntimeError):
    """A vocabulary cannot be loaded; the message says why and what to do."""


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
        """What to show for each id: `shown` of its bytes, or ``⟨unused 4000⟩`` without any."""
        return [shown(self.token_bytes(i)) or f"⟨unused {i}⟩" for i in ids]


def valid_unicode(text: str) -> str:
    """The text with each lone surrogate, which has no UTF-8 form, replaced by U+FFFD."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def shown(token: bytes) -> str:
    """A token's text, or ``⟨e2 80⟩`` for a part of a character."""
    try:
        return token.decode("utf-8")
    except UnicodeDecodeError:
        return f"⟨{token.hex(' ')}⟩"
