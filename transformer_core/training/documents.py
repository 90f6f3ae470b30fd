"""Raw text files to clean documents: one document is one whole story, book or play.

None of the vocabulary's 4,096 entries should be spent on typography: curly quotes become straight
ones, dashes become ``--``, every paragraph is one line ended by one line break, hard line wraps
are undone, and what is not text (italics underscores, zero-width and control characters, UTF-8
that was once read as Latin-1) is removed or repaired.
"""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

SEPARATOR = "<|endoftext|>"
HELD_OUT_SHARE = 0.015
_SECTION_LENGTH = 6_000
_TYPOGRAPHY = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u00b4", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"'),
        **dict.fromkeys("\u2012\u2013\u2014\u2015", "--"),
        **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad", ""),
        "\u2026": "...",
    }
)
_TWICE_ENCODED = re.compile("[\u00c2-\u00f4][\u0080-\u00bf]{1,3}")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_SPACES = re.compile(r"[^\S\n]+")
_ITALICS = re.compile(r"(?<!\w)_([^_\n]{1,200})_(?!\w)")
_PICTURE = re.compile(r"\[Illustration[^\]\n]*\]", re.IGNORECASE)


class CorpusError(ValueError):
    """The corpus folder cannot be used; the message says what is wrong and what to do."""


@dataclass(frozen=True)
class Split:
    """The documents of one source, divided into those to train on and those held out."""

    train: list[str]
    held_out: list[str]


def source_paths(folder: Path) -> list[Path]:
    """The text files of a folder, one per source, in order of name."""
    paths = sorted(folder.glob("*.txt")) if folder.is_dir() else []
    if not paths:
        raise CorpusError(f"No text to train on: {folder} is not a folder with .txt files in it.")
    return paths


def read_source(path: Path) -> Split:
    """One source's documents; raises CorpusError for a file that is missing, binary or empty."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(f"{path} cannot be read as UTF-8 text: {error}.") from error
    if "\x00" in text:
        raise CorpusError(f"{path} holds zero bytes, so it is not a text file.")
    documents = LAYOUTS.get(path.stem, stories)(clean(text))
    if not documents:
        raise CorpusError(f"{path} holds no text.")
    return last_tenth(documents) if len(documents) == 1 else whole_documents(documents)


def clean(text: str) -> str:
    """Straight quotes, ``--`` for dashes, single spaces, no markup and no invisible characters."""
    text = _TWICE_ENCODED.sub(_decode_again, text)
    text = unicodedata.normalize("NFC", text).translate(_TYPOGRAPHY)
    text = _PICTURE.sub("", _ITALICS.sub(r"\1", text))
    text = _SPACES.sub(" ", _CONTROL.sub("", text))
    return text.replace(" \n", "\n").replace("\n ", "\n")


def _decode_again(match: re.Match[str]) -> str:
    try:
        return match[0].encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return match[0]


def stories(text: str) -> list[str]:
    """One document per section; a line that opens "Once upon a time" starts another one."""
    sections = [
        story
        for section in text.split(SEPARATOR)
        for story in re.split(r"\n(?=Once upon a time\b)", section)
    ]
    return _distinct(_one_line_per_paragraph(section) for section in sections)


def books(text: str) -> list[str]:
    """Sections joined into books: only a book's last section has under 6,000 characters."""
    joined: list[str] = [""]
    for section in text.split(SEPARATOR):
        joined[-1] += section
        if len(section.lstrip("\n")) < _SECTION_LENGTH:
            joined.append("")
    return _distinct(_one_line_per_paragraph(book) for book in joined)


def picture_books(text: str) -> list[str]:
    """Stories in narrow columns: a line break stays only where the line ends a sentence."""
    return _distinct(
        re.sub(r"(?<![.!?:\"])\n", " ", _one_line_per_paragraph(section))
        for section in text.split(SEPARATOR)
    )


def verse(text: str) -> list[str]:
    """Documents whose line breaks and blank lines are part of the text."""
    return _distinct(section.strip() for section in text.split(SEPARATOR))


LAYOUTS: dict[str, Callable[[str], list[str]]] = {
    "african_storybook": picture_books,
    "childrens_books": books,
    "easy_prose": books,
    "tinyshakespeare": verse,
}


def _one_line_per_paragraph(text: str) -> str:
    return "\n".join(line for line in text.split("\n") if line)


def _distinct(documents: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(document for document in documents if document))


def whole_documents(documents: list[str], share: float = HELD_OUT_SHARE) -> Split:
    """Hold out, in the order of their hashes, the documents that fit in ``share`` of the text."""
    room = share * sum(map(len, documents))
    held_out: set[str] = set()
    for document in sorted(documents, key=_hash):
        if len(document) <= room:
            held_out.add(document)
            room -= len(document)
    held_out = held_out or {min(documents, key=lambda document: (len(document), document))}
    return Split([d for d in documents if d not in held_out], sorted(held_out, key=_hash))


def last_tenth(documents: list[str]) -> Split:
    """A single document is cut at the paragraph break before its last tenth."""
    text = documents[0]
    cut = text.rfind("\n", 0, len(text) - len(text) // 10)
    if cut < 0:
        raise CorpusError("The only document is one short line: there is nothing to hold out.")
    return Split([text[:cut].strip()], [text[cut:].strip()])


def _hash(document: str) -> str:
    return hashlib.sha256(document.encode()).hexdigest()
