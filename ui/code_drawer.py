"""The code that just ran, read from the very function."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

ROOT = Path(__file__).parents[1]


@st.fragment
def show_code(
    function: Callable[..., Any], label: str = "The code that just ran", when: str = ""
) -> None:
    """A closed drawer with a function's source and where it stands.

    The source is sent when the drawer is opened: to colour it, the browser needs 1.5 MB of scripts.

    Args:
        function: what has run for the page; a test holds that it has.
        label: of the drawer.
        when: it ran, where that was not for this page: "once, when the vocabulary was learnt".
    """
    lines, start = inspect.getsourcelines(function)
    path = Path(inspect.getsourcefile(function) or "").relative_to(ROOT).as_posix()
    title = f"{label} · `{path}`, line {start}"
    drawer = st.expander(title, icon=":material/code:", on_change="rerun")
    if drawer.open:
        with drawer:
            if when:
                st.caption(f"It ran {when}.")
            st.code(inspect.cleandoc("\n" + "".join(lines)), language="python")
