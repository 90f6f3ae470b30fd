"""Contiguous reservation against pages: a simulation that runs in the browser."""

from __future__ import annotations

from typing import TypedDict

from ui.serving.component import component


class PagingData(TypedDict):
    """Places for tokens, requests, longest prompt, most new tokens, tokens of a page."""

    size: int
    requests: int
    longest: int
    most_new: int
    page: int


SIMULATED: PagingData = {
    "size": 1024,
    "requests": 40,
    "longest": 64,
    "most_new": 192,
    "page": 16,
}


def show_paging_board() -> None:
    """Two memories with the same requests, side by side."""
    component(__file__)(key="paging-board", data=SIMULATED)
