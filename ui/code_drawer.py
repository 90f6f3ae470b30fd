"""The code that just ran, read from the very function."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

ROOT = Path(__file__).parents[1]


def show_code(function: Callable[..., Any], label: str = "The code that just ran") -> None:
    """A closed drawer with a function's source and where it stands."""
    lines, start = inspect.getsourcelines(function)
    path = Path(inspect.getsourcefile(function) or "").relative_to(ROOT).as_posix()
    with st.expander(f"{label} · `{path}`, line {start}", icon=":material/code:"):
        st.code(inspect.cleandoc("\n" + "".join(lines)), language="python")
