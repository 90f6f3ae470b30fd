"""Warm-up and decay: a schedule that the reader changes, beside the one that made fable-tiny."""

from __future__ import annotations

import json
from functools import cache
from typing import TypedDict

from pages.n3_learning.gradient.descents import PUPIL
from ui.known_models import ASSETS
from ui.serving.component import component

WARMUP, DECAY = 0.02, 0.4  # of the training that made the Fable models; a test holds it to that


class ScheduleData(TypedDict):
    """A recorded training: its schedule, and its training loss at some steps, in nats a token."""

    model: str
    peak: float
    steps: int
    warmup: float
    decay: float
    at: list[int]
    losses: list[float]


def show_schedule_board() -> None:
    """The schedule over the recorded loss."""
    component(__file__)(key="schedule-board", data=describe_training())


@cache
def describe_training() -> ScheduleData:
    """What `training.json` has kept of it."""
    record = json.loads((ASSETS / PUPIL / "training.json").read_text("utf-8"))
    recipe = record["recipe"]
    curve = [point for point in record["curve"] if "loss" in point]
    return {
        "model": PUPIL,
        "peak": recipe["learning_rate"],
        "steps": record["steps"],
        "warmup": recipe.get("warmup", WARMUP),
        "decay": recipe.get("decay", DECAY),
        "at": [point["step"] for point in curve],
        "losses": [point["loss"] for point in curve],
    }
