"""The way through the course: the pages of the part that is read, a menu for each other part."""

from __future__ import annotations

from typing import TypedDict

from streamlit import Page

from ui.navigation.course import PATH, Parts
from ui.serving.address import base_path
from ui.serving.component import component
from ui.state import PLACES


class PageLink(TypedDict):
    """A page by its title, and its address on this server."""

    title: str
    address: str


class PartLinks(TypedDict):
    """The pages of a part of the course."""

    name: str
    pages: list[PageLink]


class NavigationData(TypedDict):
    """All pages, the very first one first, and the address of the one that is shown.

    kept: the settings that go from page to page.
    """

    parts: list[PartLinks]
    here: str
    kept: list[str]


def show_navigation(parts: Parts, here: Page) -> None:
    """Links that any page has; pressed, they ask the server for the page and nothing is loaded."""
    data: NavigationData = {
        "parts": [
            {"name": part, "pages": [_link(page) for _, page in lessons]}
            for part, lessons in parts.items()
        ],
        "here": _link(here)["address"],
        "kept": ["text", "model", "more", PATH, *PLACES],
    }
    component(__file__)(key="navigation", data=data, height="content")


def _link(page: Page) -> PageLink:
    return {"title": page.title, "address": f"{base_path()}/{page.url_path}"}
