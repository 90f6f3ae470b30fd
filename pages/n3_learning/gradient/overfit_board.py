"""Overfitting: a small model learns a few spans of a text by heart, when the reader presses."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from math import log
from typing import TypedDict

from transformer_core.lens.overfitting import BATCH, LENGTH, STEPS, Course, Letters, learn_by_heart
from ui.known_models import ASSETS
from ui.models import HEAVY_PASSES
from ui.serving.address import base_path
from ui.serving.component import component
from ui.serving.data import Answer, data_route
from ui.serving.transport import pack

TEXT = ASSETS.parent / "unseen_text.txt"
COURSES = "/app/static/gradient-courses"  # below the app's own address
SPANS = (8, 24, 72)


class OverfitData(TypedDict):
    """What can be trained, and where the outcome is to be had; uniform: ln of the letters."""

    numbers: str
    spans: list[int]
    length: int
    batch: int
    last: int
    uniform: float


class CourseHeader(TypedDict):
    """Losses in nats per letter after each of `steps`; best: the place of the lowest held-out."""

    spans: int
    steps: list[int]
    train: list[float]
    held_out: list[float]
    best: int


@cache
def letters() -> Letters:
    """The text of this repository that no Fable model has read."""
    return Letters.of(TEXT.read_text("utf-8"))


@lru_cache(maxsize=len(SPANS))
def course(spans: int) -> Course:
    """Trained once for all visitors."""
    with HEAVY_PASSES:
        return learn_by_heart(letters(), spans)


def show_overfit_board() -> None:
    """The choice of spans and a button; nothing is trained before it is pressed."""
    data: OverfitData = {
        "numbers": f"{base_path()}{COURSES}",
        "spans": list(SPANS),
        "length": LENGTH,
        "batch": BATCH,
        "last": STEPS,
        "uniform": log(len(letters().alphabet)),
    }
    component(__file__)(key="overfit-board", data=data)


def packed_course(raw: Mapping[str, str]) -> bytes:
    """One run; of a number that is not offered, that of the fewest spans."""
    wanted = raw.get("spans", "")
    spans = int(wanted) if wanted in map(str, SPANS) else SPANS[0]
    found = course(spans)
    header: CourseHeader = {
        "spans": spans,
        "steps": list(found.steps),
        "train": list(found.train),
        "held_out": list(found.held_out),
        "best": found.best,
    }
    return pack(header, {})


ROUTES = [data_route(COURSES, lambda raw: Answer(packed_course(raw)))]
