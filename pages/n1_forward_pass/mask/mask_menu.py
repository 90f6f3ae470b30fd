"""The Mask lesson's menu: each pattern of the registry, its settings, and what is said of it."""

from __future__ import annotations

from typing import TypedDict

from pages.n1_forward_pass.mask.mask_choice import LOOK_AHEAD, first_value, most
from transformer_core.masks import MASKS, MaskKind

# Who uses each pattern: a model, or the kind of data or batch that it is for.
USED = {
    "full": "BERT",
    "causal": "GPT, Llama",
    "sliding_window": "Mistral 7B",
    "dilated": "Longformer",
    "strided": "images, music",
    "chunked": "Llama 4",
    "block_sparse": "BigBird",
    "prefix": "PaliGemma",
    "document": "Llama 3",
    "padding": "batches of texts",
    "cross": "T5, Whisper",
}

# What each pattern is, and who described it.
NOTES = {
    "full": (
        "Every token may look at every token, as in an encoder such as BERT.",
        "Devlin et al. 2019",
    ),
    "causal": (
        "A token may look at itself and at earlier tokens, but never at a later one.",
        "Vaswani et al. 2017",
    ),
    "sliding_window": (
        "A token may look at its nearest neighbours only. Mistral 7B uses a causal window of "
        "4,096 tokens.",
        "Jiang et al. 2023",
    ),
    "dilated": (
        "A window with gaps. It reaches further with the same number of open cells.",
        "Beltagy et al. 2020",
    ),
    "strided": (
        "The last few tokens, and every n-th token, which passes information on. Made for images "
        "and music.",
        "Child et al. 2019",
    ),
    "chunked": (
        "The text is cut into chunks. No information crosses a border, however many layers there "
        "are. So Llama 4 mixes in full layers.",
        "",
    ),
    "block_sparse": (
        "Neighbouring blocks see each other; the first blocks see all and are seen by all. This is "
        "BigBird’s pattern without its random blocks, which are left out here.",
        "Zaheer et al. 2020",
    ),
    "prefix": (
        "The prefix is the part of a text that is given, such as a question. Its tokens look at "
        "each other in both directions. The rest, the answer, stays causal.",
        "Raffel et al. 2020",
    ),
    "document": (
        "Two texts share one row of a training batch. Neither may look at the other. Llama 3 was "
        "trained in this way.",
        "Krell et al. 2021",
    ),
    "padding": (
        "The texts of a batch need one length, so short ones are filled with padding. An encoder "
        "must hide it; its tokens would look at it otherwise.",
        "",
    ),
    "cross": (
        "A decoder looks at a second text, the source, except for its padding. Your own sentence "
        "stands for a source here.",
        "Vaswani et al. 2017",
    ),
}

# Plainer than the core's; of the settings of several numbers, the page sets the first.
TITLES = {
    ("sliding_window", "window"): "Window, counted from the token itself",
    ("dilated", "window"): "Tokens to each side, counted from itself",
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
    used: str
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
            "used": USED[name],
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
