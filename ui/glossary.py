"""The field's terms, explained where the prose of a page first names them.

A mark is a Markdown link to a place that no page has, so Streamlit renders it as it does all text.
What it explains is a rule of style of that page, shown while the mark is pointed at or has focus,
which a touch gives it too.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

FILE = Path(__file__).parents[1] / "assets" / "glossary" / "glossary.toml"

# What is left as it is: words in quotation marks (the reader's), code, formulas, links, badges.
_LEFT = r"“[^”]*”|`[^`]*`|\$[^$]*\$|\[[^\]]*\]\([^)]*\)|:\w+-badge\[[^\]]*\]|:material/\w+:"


@dataclass(frozen=True)
class Term:
    """A term, what it means in a sentence or two, its other forms, the lesson where it is at home.

    One that is `bold_only` is an everyday word too: it is meant where the prose sets it in bold.
    """

    name: str
    says: str
    also: tuple[str, ...] = ()
    lesson: str = ""
    bold_only: bool = False

    @property
    def place(self) -> str:
        """The address of its mark on a page."""
        return "#term-" + re.sub(r"\W+", "-", self.name.lower())


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text("utf-8"))


@cache
def terms() -> tuple[Term, ...]:
    """All, in the order of the alphabet."""
    return tuple(Term(**entry | {"also": (*entry.get("also", ()),)}) for entry in _file()["term"])


@cache
def instead() -> dict[str, str]:
    """What is not to be written, as a regular expression, and what is written instead."""
    return {rule["not"]: rule["write"] for rule in _file()["instead"]}


@cache
def _by_form() -> dict[str, Term]:
    return {form.lower(): term for term in terms() for form in (term.name, *term.also)}


@cache
def _pattern() -> re.Pattern[str]:
    forms = "|".join(map(re.escape, sorted(_by_form(), key=len, reverse=True)))
    found = rf"(?P<bold>\*\*)?(?<![\w-])(?P<form>{forms})(?![\w-])(?(bold)\*\*)"
    return re.compile(f"{_LEFT}|{found}", re.IGNORECASE)


def marked(prose: str, known: Collection[Term] = ()) -> tuple[str, tuple[Term, ...]]:
    """Our own Markdown with each term marked where it is first named, and the terms found.

    Args:
        prose: never the reader's text.
        known: marked on this page already.
    """
    found = [*known]

    def mark(match: re.Match[str]) -> str:
        term = _by_form().get((match["form"] or "").lower())
        if term is None or term in found or (term.bold_only and not match["bold"]):
            return match[0]
        found.append(term)
        return f"[{match[0]}]({term.place})"

    return _pattern().sub(mark, prose), tuple(found[len(known) :])


def explanations(found: Collection[Term]) -> str:
    """The style that explains these where they are marked."""
    return "\n".join(
        f'a[href="{term.place}"]:is(:hover, :focus)::after {{ content: {_css(term.says)} }}'
        for term in found
    )


def _css(text: str) -> str:
    """A string of CSS inside markup."""
    return json.dumps(text, ensure_ascii=False).replace("<", r"\3c ")


def show_marked(prose: str, known: Collection[Term] = ()) -> tuple[Term, ...]:
    """The prose with its terms marked and explained; returns all that the page now knows."""
    text, found = marked(prose, known)
    st.markdown(text)
    if found:
        st.html(f"<style>{explanations(found)}</style>")
    return (*known, *found)
