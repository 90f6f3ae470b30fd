"""The Mask lesson's menu: each pattern of the registry, its settings, and what is said of it."""

from __future__ import annotations

from typing import TypedDict

from pages.n1_forward_pass.mask.mask_choice import LOOK_AHEAD, first_value, most
from transformer_core.masks import MASKS, MaskKind

# What each pattern is, who uses it, where it stands in print.
NOTES = {
    "full": ("Everyone reads everyone, as in an encoder such as BERT.", "arXiv 1810.04805"),
    "causal": ("Nobody reads what comes later: key ≤ query. This model’s own mask.", ""),
    "sliding_window": (
        "Only the nearest tokens. Mistral 7B reads the last 4,096, itself included.",
        "arXiv 2310.06825",
    ),
    "dilated": ("A window with gaps: it reaches further with as many cells.", "arXiv 2004.05150"),
    "strided": (
        "The last few tokens, and every so many-th one as a relay station.",
        "arXiv 1904.10509",
    ),
    "chunked": (
        "Chunks that know nothing of each other: nothing crosses a border, however many layers.",
        "",
    ),
    "block_sparse": (
        "Neighbouring blocks, and first blocks that see all and are seen by all.",
        "arXiv 2007.14062",
    ),
    "prefix": (
        "The first tokens, such as a task to be done, read each other both ways.",
        "arXiv 1910.10683",
    ),
    "document": (
        "Two texts packed into one row of a batch: neither may read the other.",
        "arXiv 2107.02027",
    ),
    "padding": (
        "A shorter sentence in a batch is filled up. Nobody reads the filling, and what its rows "
        "compute is thrown away.",
        "",
    ),
    "cross": (
        "A decoder reads another text, the source, all of it but its padding. Your own sentence "
        "stands in for a source here.",
        "arXiv 1706.03762",
    ),
}

# Of the settings of several numbers, the page sets the first.
TITLES = {
    ("document", "lengths"): "Tokens of the first document",
    ("padding", "lengths"): "Tokens before the padding",
    ("cross", "source_lengths"): "Tokens of the source",
}


class MaskSetting(TypedDict):
    """A slider: its smallest and largest number, and the one that it starts at."""

    title: str
    least: int
    most: int
    first: int


class MaskPattern(TypedDict):
    """A kind of mask; `start`: of its masks in the gallery; `ahead`: shows the future by itself."""

    name: str
    title: str
    note: str
    source: str
    start: int
    ahead: bool
    settings: list[MaskSetting]


def mask_menu(n: int, starts: dict[str, int]) -> list[MaskPattern]:
    """Every kind for n tokens; the browser finds a mask's bits by its settings."""
    return [
        {
            "name": name,
            "title": kind.title,
            "note": NOTES[name][0],
            "source": NOTES[name][1],
            "start": starts[name],
            "ahead": name in LOOK_AHEAD,
            "settings": _settings(name, kind, n),
        }
        for name, kind in MASKS.items()
    ]


def _settings(name: str, kind: MaskKind, n: int) -> list[MaskSetting]:
    return [
        {
            "title": TITLES.get((name, each.name), each.title),
            "least": each.least,
            "most": most(each, n),
            "first": first_value(each, n),
        }
        for each in kind.parameters
    ]
