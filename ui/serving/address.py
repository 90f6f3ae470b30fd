"""The app's addresses: where it hangs below its host, which numbers they name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st
from starlette.datastructures import QueryParams


def base_path() -> str:
    """Empty, or `/some/path`."""
    path = str(st.get_option("server.baseUrlPath")).strip("/")
    return f"/{path}" if path else ""


def whole_number(raw: str) -> int | None:
    """A count of at most eight digits as it stands in an address; None where it is none."""
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 9 else None


def as_asked(path: str, parameters: Mapping[str, Any]) -> str:
    """An address below the app's own, letter for letter as a script asks for it.

    So a page can name it before: `URLSearchParams` leaves other characters as they are than Python.
    """
    query = str(QueryParams(parameters)).replace("%2A", "*").replace("~", "%7E")
    return f"{base_path()}{path}?{query}"
