"""The reader's words inside our Markdown."""

from __future__ import annotations

import re
import unicodedata

_MARKS = re.compile(r"([!-/:-@\[-`{-~])")


def plain(text: str) -> str:
    """A text that Markdown shows as it is: each ASCII punctuation mark behind a backslash."""
    shown = "".join(char for char in text if unicodedata.category(char) != "Cc")
    return _MARKS.sub(r"\\\1", shown)


def quoted(piece: str) -> str:
    """A token between quotation marks, spaces and line ends made visible; safe in Markdown."""
    unseen = "↵" if "\n" in piece else "␣"
    return f"“{plain(piece.strip()) or unseen}”"


def spaced(piece: str) -> str:
    """The same with the space before it, where it has one, as a sign: “␣She”.

    A token that is one control character is shown as its byte.
    """
    if len(piece) == 1 and unicodedata.category(piece) == "Cc" and piece != "\n":
        return f"“⟨{ord(piece):02x}⟩”"
    return quoted(f"␣{piece[1:]}" if piece.startswith(" ") and piece.strip() else piece)
