"""Added tokens found in a text, as Hugging Face's `tokenizers` finds them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

import regex  # type: ignore[import-untyped]

from transformer_core.published.vocabulary import AddedToken

Part = tuple[str, int | None]  # a piece of the text, and its id if it is an added token

_BLANK = regex.compile(r"\s")
_OF_WORD = regex.compile(r"\w")


class AddedTokens:
    """A text cut at its added tokens: the leftmost first, the longest of those that begin there.

    A special token is plain text, as far as it reaches: nothing else is found within it.

    Args:
        tokens: what is looked for.
        written: how a token's content stands in the text.
    """

    def __init__(self, tokens: Iterable[AddedToken], written: Callable[[str], str] = str) -> None:
        self.tokens = {written(each.content): each for each in tokens if each.content}
        longest_first = sorted(self.tokens, key=len, reverse=True)
        self.pattern = re.compile("|".join(map(re.escape, longest_first)))

    def split(self, text: str) -> Iterator[Part]:
        """Parts that are added tokens, and those between, none of them empty."""
        end = 0
        for found in self.pattern.finditer(text) if self.tokens else ():
            token, (start, after) = self.tokens[found[0]], found.span()
            if token.special or (token.single_word and not _stands_alone(text, start, after)):
                continue
            while token.lstrip and start > end and _BLANK.match(text, start - 1):
                start -= 1
            while token.rstrip and _BLANK.match(text, after):
                after += 1
            if end < start:
                yield text[end:start], None
            yield text[start:after], token.token_id
            end = after
        if end < len(text):
            yield text[end:], None


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether no letter, digit or underscore touches it."""
    touched_before = start > 0 and _OF_WORD.match(text, start - 1)
    return not touched_before and not _OF_WORD.match(text, end)
