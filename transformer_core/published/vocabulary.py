"""A byte-level vocabulary as its publisher wrote it down, whatever the file's form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, get_args

from transformer_core.tokenizer import TokenizerError

NormalForm = Literal["NFC", "NFD", "NFKC", "NFKD"]
NORMAL_FORMS: tuple[NormalForm, ...] = get_args(NormalForm)
# What ends a text or a turn of a conversation, as the known families call it.
_ENDS = (
    *("<|endoftext|>", "<|end_of_text|>", "<|im_end|>", "<|eot_id|>", "<|eom_id|>"),
    *("<|end|>", "<|end_of_turn|>", "<end_of_turn>", "</s>"),
)


@dataclass(frozen=True)
class AddedToken:
    """A token that was not learnt: it is looked for in the text before words are cut.

    A special one, such as an end of text, is never found in a text that a person typed. The others
    may have to stand alone (`single_word`) and may take the blanks on either side (`lstrip`,
    `rstrip`). `normalized` ones are looked for after the text was brought into its normal form.
    """

    content: str
    token_id: int
    special: bool
    normalized: bool = False
    single_word: bool = False
    lstrip: bool = False
    rstrip: bool = False


@dataclass(frozen=True)
class PublishedVocabulary:
    """Everything that decides how a text is cut into tokens.

    Args:
        name: of its file, for messages.
        pattern: a regular expression for the words that merges never cross.
        tokens: ids of learnt tokens, whose bytes are written as GPT-2 does (`CHARACTERS`).
        merges: pairs of tokens that are joined, the first of them first.
        added: tokens that were not learnt.
        unknown: what a byte without a token of its own becomes; None leaves it out.
        fuse_unknown: several such bytes in a row become one.
        whole_words: a word that is a token is taken whole, even if no merges lead there.
        normal_form: Unicode's, into which a text is brought first.
        n_rows: how many ids the model has, if that is known.

    Raises:
        TokenizerError: for one that contradicts itself or does not fit its model.
    """

    name: str
    pattern: str
    tokens: Mapping[str, int]
    merges: Sequence[tuple[str, str]]
    added: tuple[AddedToken, ...] = ()
    unknown: int | None = None
    fuse_unknown: bool = False
    whole_words: bool = False
    normal_form: NormalForm | None = None
    n_rows: int | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be used."""
        ids = [*self.tokens.values(), *(each.token_id for each in self.added)]
        if any(not isinstance(token_id, int) or token_id < 0 for token_id in ids):
            raise TokenizerError(f"{self.name} is damaged: an id is no number from 0.")
        parts = {part for left, right in self.merges for part in (left, right, left + right)}
        if missing := sorted(parts - self.tokens.keys()):
            raise TokenizerError(f"{self.name} is damaged: it merges {missing[0]!r}, no token.")
        made = [self.tokens[left + right] for left, right in self.merges]
        if any(a > b for a, b in pairwise(made)):
            raise TokenizerError(f"The ids in {self.name} are not in its merges' order.")
        if self.n_rows is not None and self.n_ids > self.n_rows:
            raise TokenizerError(
                f"{self.name} has token ids up to {self.n_ids - 1:,}, but the model knows "
                f"{self.n_rows:,} tokens. Take the vocabulary that was published with this model."
            )

    @property
    def n_ids(self) -> int:
        """One more than the largest id; some below it may be unused."""
        return 1 + max([*self.tokens.values(), *(each.token_id for each in self.added)], default=-1)

    @property
    def special_tokens(self) -> dict[str, int]:
        """Names and ids of the special tokens."""
        return {each.content: each.token_id for each in self.added if each.special}


def stop_ids(special_tokens: Mapping[str, int], named: Iterable[int | None]) -> frozenset[int]:
    """Where generation ends: the ids that the files name, and special tokens known to end texts."""
    known = {special_tokens[name] for name in _ENDS if name in special_tokens}
    return frozenset(known | {token_id for token_id in named if token_id is not None})


def _characters() -> list[str]:
    """GPT-2 writes each byte as a printable character: itself, or the next free one from U+0100."""
    printable = {*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)}
    others = [byte for byte in range(256) if byte not in printable]
    return [
        chr(byte) if byte in printable else chr(256 + others.index(byte)) for byte in range(256)
    ]


CHARACTERS = _characters()
BYTES = {character: byte for byte, character in enumerate(CHARACTERS)}


def written_bytes(token: str) -> bytes:
    """The bytes that a token stands for; one that is not written in `CHARACTERS` is plain text."""
    try:
        return bytes([BYTES[character] for character in token])
    except KeyError:
        return token.encode()
