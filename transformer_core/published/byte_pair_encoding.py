"""A published byte-level vocabulary at work: ids equal those of Hugging Face's `tokenizers`."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from functools import cached_property
from heapq import heapify, heappop, heappush
from itertools import pairwise

import regex  # type: ignore[import-untyped]

from transformer_core.published.added_tokens import AddedTokens, Part
from transformer_core.published.vocabulary import CHARACTERS, PublishedVocabulary, written_bytes
from transformer_core.tokenizer import TokenizerError

_GONE = -1


class BytePairEncoding:
    """Added tokens are cut out, the rest into words; each word's bytes are joined pair by pair.

    Characters that Unicode has taken in lately may be cut otherwise than `tokenizers` does, whose
    tables are of another year.
    """

    def __init__(self, vocabulary: PublishedVocabulary) -> None:
        self.vocabulary = vocabulary
        self.name = vocabulary.name
        self.pattern = vocabulary.pattern
        self.special_tokens: Mapping[str, int] = vocabulary.special_tokens
        self.n_vocab = vocabulary.n_rows or vocabulary.n_ids
        self.unknown = vocabulary.unknown
        tokens, self._form = vocabulary.tokens, vocabulary.normal_form
        self._words = _compiled(vocabulary.pattern, vocabulary.name)
        self._raw = AddedTokens(each for each in vocabulary.added if not each.normalized)
        self._normal = AddedTokens(
            (each for each in vocabulary.added if each.normalized), self._normalized
        )
        self._byte_ids = [tokens.get(character) for character in CHARACTERS]
        self._merges = {
            (tokens[left], tokens[right]): (rank, tokens[left + right])
            for rank, (left, right) in enumerate(vocabulary.merges)
        }

    @cached_property
    def ranks(self) -> Mapping[bytes, int]:
        """Bytes and ids of the tokens that merges lead to, and of single bytes."""
        reached = [*CHARACTERS, *(left + right for left, right in self.vocabulary.merges)]
        tokens = self.vocabulary.tokens
        return {written_bytes(token): tokens[token] for token in reached if token in tokens}

    @cached_property
    def _bytes(self) -> Mapping[int, bytes]:
        learnt = {i: written_bytes(token) for token, i in self.vocabulary.tokens.items()}
        return learnt | {each.token_id: each.content.encode() for each in self.vocabulary.added}

    def token_bytes(self, token_id: int) -> bytes:
        """Empty for an id of the model that stands for nothing; KeyError for one beyond."""
        if not 0 <= token_id < self.n_vocab:
            raise KeyError(token_id)
        return self._bytes.get(token_id, b"")

    def encode(self, text: str) -> list[int]:
        """Ids of a text without lone surrogates; special tokens in it are plain text."""
        ids: list[int] = []
        for part, token_id in self._split(text):
            if token_id is not None:
                ids.append(token_id)
            else:
                for word in _isolated(self._words, part):
                    ids += self._encode_word(word)
        return ids

    def _split(self, text: str) -> Iterator[Part]:
        for part, token_id in self._raw.split(text):
            if token_id is not None:
                yield part, token_id
            else:
                yield from self._normal.split(self._normalized(part))

    def _normalized(self, text: str) -> str:
        return text if self._form is None else unicodedata.normalize(self._form, text)

    def _encode_word(self, word: str) -> list[int]:
        data = word.encode()
        if self.vocabulary.whole_words:
            whole = self.vocabulary.tokens.get("".join([CHARACTERS[byte] for byte in data]))
            if whole is not None:
                return [whole]
        return self._merged(self._singles(data))

    def _singles(self, data: bytes) -> list[int]:
        """One id for each byte; what has none becomes the unknown token, or is left out."""
        unknown, fuse = self.vocabulary.unknown, self.vocabulary.fuse_unknown
        ids, was_known = [], True
        for byte in data:
            token_id = self._byte_ids[byte]
            if token_id is not None:
                ids.append(token_id)
            elif unknown is not None and (was_known or not fuse):
                ids.append(unknown)
            was_known = token_id is not None
        return ids

    def _merged(self, ids: list[int]) -> list[int]:
        """Join the pair that comes first among the merges, the leftmost of equals; and again."""
        n, merges = len(ids), self._merges
        before, after = list(range(-1, n - 1)), list(range(1, n + 1))
        found_at = enumerate(map(merges.get, pairwise(ids)))
        queue = [(found[0], i, found[1]) for i, found in found_at if found]
        heapify(queue)
        while queue:
            _, left, token_id = heappop(queue)
            right = after[left]
            if ids[left] == _GONE or right == n:
                continue
            if merges.get((ids[left], ids[right]), (0, _GONE))[1] != token_id:
                continue  # one of the two has changed since
            ids[left], ids[right], after[left] = token_id, _GONE, after[right]
            if after[left] < n:
                before[after[left]] = left
            for start in (before[left], left):
                if start >= 0 and after[start] < n:
                    found = merges.get((ids[start], ids[after[start]]))
                    if found:
                        heappush(queue, (found[0], start, found[1]))
        return [token_id for token_id in ids if token_id != _GONE]


def _compiled(pattern: str, name: str) -> regex.Pattern:
    try:
        return regex.compile(pattern)
    except regex.error as error:
        raise TokenizerError(f"{name} cuts words by a pattern that is none ({error}).") from error


def _isolated(pattern: regex.Pattern, text: str) -> Iterator[str]:
    """What matches, and what lies between; none of it is lost."""
    end = 0
    for match in pattern.finditer(text):
        start, after = match.span()
        if end < start:
            yield text[end:start]
        if start < after:
            yield text[start:after]
        end = after
    if end < len(text):
        yield text[end:]
