"""Where the app hangs below its host."""

from __future__ import annotations

import streamlit as st


def base_path() -> str:
    """Empty, or `/some/path`."""
    path = str(st.get_option("server.baseUrlPath")).strip("/")
    return f"/{path}" if path else ""
