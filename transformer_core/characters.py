"""The smallest vocabulary: one token for each printable character of ASCII and the line break."""

from __future__ import annotations

CHARACTERS = "".join(map(chr, range(32, 127))) + "\n"
WITH_INK = range(1, 95)  # ids of all but the blank and the line break


def encode(text: str) -> list[int]:
    """The id of each character; a ValueError names the first one that has none."""
    if missing := next((character for character in text if character not in CHARACTERS), ""):
        raise ValueError(f"“{missing}” is no character of this vocabulary")
    return [CHARACTERS.index(character) for character in text]
