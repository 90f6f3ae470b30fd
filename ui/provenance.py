"""Where a number comes from: each on screen is one of four kinds and says which."""

from __future__ import annotations

from typing import Literal

import streamlit as st

Kind = Literal["live", "measured", "published", "illustrative"]
MEANING: dict[Kind, str] = {
    "live": "computed just now, by this model from this text",
    "measured": "from a recorded experiment",
    "published": "from a paper",
    "illustrative": "drawn to explain, not data",
}
_COLOUR: dict[Kind, str] = {
    "live": "green",
    "measured": "blue",
    "published": "violet",
    "illustrative": "gray",
}


def tag(kind: Kind, source: str = "") -> str:
    """A tag to stand in any Markdown text, such as `:green-badge[live]`."""
    shown = f"{kind} · {source}" if source else kind
    return f":{_COLOUR[kind]}-badge[{shown}]"


def show_tag(kind: Kind, source: str = "") -> None:
    """The tag by itself, its meaning on hover."""
    st.markdown(tag(kind, source), help=MEANING[kind], width="content")
