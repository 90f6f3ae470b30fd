"""The lesson's own texts and pairs, as `texts.toml` holds them, marked by hand."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ui.known_models import SHIPPED

FILE = Path(__file__).with_name("texts.toml")
MINE = "mine"  # the key of the reader's own sentence


@dataclass(frozen=True)
class Part:
    """A stretch of a text; one with a `kind` is a blank, and `takes` what one must know for it."""

    text: str
    kind: str = ""
    takes: str = ""


@dataclass(frozen=True)
class KnownText:
    """A text in parts, each cut into tokens by itself; `story`: of the sort that Fable has read."""

    key: str
    name: str
    parts: tuple[Part, ...]
    story: bool = False


@dataclass(frozen=True)
class Side:
    """One beginning of a pair: what is changed in it stands between `before` and `after`."""

    before: str
    changed: str
    after: str
    word: str

    @property
    def context(self) -> str:
        """What the model reads."""
        return f"{self.before}{self.changed}{self.after}"


@dataclass(frozen=True)
class Pair:
    """Two beginnings that differ in one word, each with the word that fits it and not the other."""

    kind: str
    says: str
    a: Side
    b: Side
    story: bool = False


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text("utf-8"))


@cache
def kinds() -> dict[str, str]:
    """What a blank can ask for, explained."""
    return dict(_file()["kinds"])


@cache
def _texts() -> tuple[KnownText, ...]:
    return tuple(
        KnownText(
            each["key"],
            each["name"],
            tuple(Part(*part) for part in each["parts"]),
            each.get("story", False),
        )
        for each in _file()["text"]
    )


@cache
def _pairs() -> tuple[Pair, ...]:
    return tuple(
        Pair(
            each["kind"],
            each["says"],
            Side(*each["a"]),
            Side(*each["b"]),
            each.get("story", False),
        )
        for each in _file()["pair"]
    )


def texts_for(model_name: str) -> tuple[KnownText, ...]:
    """The texts of a model: a Fable model gets the stories first, others go without."""
    stories = tuple(text for text in _texts() if text.story)
    others = tuple(text for text in _texts() if not text.story)
    return (*stories, *others) if model_name in SHIPPED else others


def pairs_for(model_name: str) -> tuple[Pair, ...]:
    """The pairs of a model, in the same way."""
    stories = tuple(pair for pair in _pairs() if pair.story)
    others = tuple(pair for pair in _pairs() if not pair.story)
    return (*stories, *others) if model_name in SHIPPED else others
