"""The code that just ran, read from the very function."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

ROOT = Path(__file__).parents[1]


def show_code(
    function: Callable[..., Any], label: str = "The code that just ran", when: str = ""
) -> None:
    """A closed drawer with a function's source and where it stands.

    Args:
        function: what has run for the page; a test holds that it has.
        label: of the drawer.
        when: it ran, where that was not for this page: "once, when the vocabulary was learnt".
    """
    drawer(function, label, when)


@st.fragment
def drawer(function: Callable[..., Any], label: str, when: str) -> None:
    """Its source is sent when it is opened: to colour it, the browser needs 1.5 MB of scripts."""
    lines, start = inspect.getsourcelines(function)
    path = Path(inspect.getsourcefile(function) or "").relative_to(ROOT).as_posix()
    title = f"{label} · `{path}`, line {start}"
    fold = st.expander(title, icon=":material/code:", on_change="rerun")
    if fold.open:
        with fold:
            if when:
                st.caption(f"It ran {when}.")
            st.code(inspect.cleandoc("\n" + "".join(lines)), language="python")
